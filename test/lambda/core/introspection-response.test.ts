import {
  type HttpResponse,
  readIntrospectionResponse,
} from '../../../lambda/core/introspection-response';
import { readPhantomToken } from '../../../lambda/core/phantom-token';
import { faultWith, thrownBy } from '../../support/faults';
import { jws, NOW } from '../../support/tokens';

const JWT = jws({ sub: 'alice', scope: 'read write' });
const RAW = { member: undefined, types: undefined };
const MEMBER = { member: 'phantom_token', types: undefined };
/** Both kinds of answers, each with what makes it a yes. */
const MODES = [
  ['a raw JWT', RAW, 'application/jwt', JWT],
  ['JSON', MEMBER, 'application/json', JSON.stringify({ active: true, phantom_token: JWT })],
] as const;

function response(status: number, type: string | undefined, body: string): HttpResponse {
  return { status, headers: { 'content-type': type }, body: Buffer.from(body) };
}
const json = (body: unknown) =>
  response(200, 'application/json', typeof body === 'string' ? body : JSON.stringify(body));
const readJson = (body: unknown) => readIntrospectionResponse(json(body), MEMBER);
const readRaw = (body: string) =>
  readIntrospectionResponse(response(200, 'application/jwt', body), RAW);
const INVALID = (detail: string) => faultWith('introspection_response_invalid', detail);

describe.each(MODES)('a response that should be %s', (kind, rules, type, yes) => {
  it(`a 200 response with the media type of ${kind} is active`, () => {
    expect(readIntrospectionResponse(response(200, type, yes), rules)).toMatchObject({
      facts: { jwt: JWT, claims: { sub: 'alice' } },
      freshness: { cacheControl: undefined, age: undefined },
    });
  });

  it.each([
    ['parameters', `${type};charset=utf-8`],
    ['another case', type.toUpperCase()],
    ['spaces', ` ${type} ; a=b`],
  ])(`a response of ${kind} can have a media type with %s`, (_what, mediaType) => {
    expect(readIntrospectionResponse(response(200, mediaType, yes), rules)).toHaveProperty(
      'facts.jwt',
      JWT,
    );
  });

  it.each([
    [401, 'introspection_rejected_client'],
    [403, 'introspection_rejected_client'],
    [429, 'introspection_unavailable'],
    [500, 'introspection_unavailable'],
    [502, 'introspection_unavailable'],
    [503, 'introspection_unavailable'],
    [599, 'introspection_unavailable'],
    [201, 'introspection_response_invalid'],
    [202, 'introspection_response_invalid'],
    [203, 'introspection_response_invalid'],
    [206, 'introspection_response_invalid'],
    [301, 'introspection_response_invalid'],
    [302, 'introspection_response_invalid'],
    [304, 'introspection_response_invalid'],
    [307, 'introspection_response_invalid'],
    [400, 'introspection_response_invalid'],
    [404, 'introspection_response_invalid'],
  ] as const)(
    `a response of ${kind} with status %i, even if it states that the token is active, is the fault %s`,
    (status, code) => {
      for (const body of [yes, '{"active":false}', '']) {
        const fault = thrownBy(() =>
          readIntrospectionResponse(response(status, type, body), rules),
        );

        expect(fault).toEqual(faultWith(code, `the authorization server responded ${status}`));
        expect(fault).toMatchObject({ status });
      }
    },
  );

  it.each([
    ...['text/html', 'text/plain', 'application/x-www-form-urlencoded', 'application/jwtx'],
    ...['application/token-introspection+jwt', 'application/json-seq', 'application/problem+json'],
    ...['application/at+jwt', 'application/jwt, application/json', undefined, ''],
    ...['application/jwt', 'application/json'].filter((other) => other !== type),
  ])(`a response of ${kind}, active or not, is a fault under the media type %s`, (mediaType) => {
    for (const body of [yes, '{"active":false}']) {
      expect(
        thrownBy(() => readIntrospectionResponse(response(200, mediaType, body), rules)),
      ).toEqual(INVALID(`the media type of the response is ${mediaType || 'absent'}`));
    }
  });

  it(`a hostile media type of ${kind} is quoted bounded and printable`, () => {
    const hostile = `text/\x1b[31m${'x'.repeat(10_000)}`;
    const fault = thrownBy(() => readIntrospectionResponse(response(200, hostile, yes), rules));

    expect((fault as Error).message).toMatch(/^[\x20-\x7e]{1,250}$/);
  });

  it(`a hostile type of the JWT in ${kind} is quoted bounded and printable`, () => {
    const jwt = jws({}, { alg: 'RS256', typ: `\x1b[31m\n${'x'.repeat(10_000)}` });
    const body = rules.member ? JSON.stringify({ active: true, phantom_token: jwt }) : jwt;
    const fault = thrownBy(() => readIntrospectionResponse(response(200, type, body), rules));

    expect((fault as Error).message).toMatch(/^[\x20-\x7e]{1,250}$/);
  });

  it(`a response of ${kind} passes on its freshness, repeated headers joined`, () => {
    const headers = { 'content-type': type, 'cache-control': ['max-age=5', 'no-store'], age: '3' };

    expect(
      readIntrospectionResponse({ status: 200, headers, body: Buffer.from(yes) }, rules),
    ).toMatchObject({ freshness: { cacheControl: 'max-age=5, no-store', age: '3' } });
  });

  it.each([
    ['an unsigned JWT', jws({ sub: 'alice' }, { alg: 'none' })],
    ['a signed introspection response', jws({}, { alg: 'RS256', typ: 'token-introspection+jwt' })],
    ['its claims nested under token_introspection', jws({ token_introspection: { active: true } })],
    ['its claims flat, as older servers put them', jws({ active: true, sub: 'alice' })],
    ['a statement that a token is inactive', jws({ active: false })],
    ['a JWT of another purpose', jws({}, { alg: 'RS256', typ: 'logout+jwt' })],
    ['a JWE', 'a.b.c.d.e'],
    ['two JWTs', `${JWT} ${JWT}`],
    ['text', 'alice'],
    ['nothing', ''],
  ])(`a response of ${kind} with %s is a fault and is never forwarded`, (_what, jwt) => {
    const body = rules.member ? JSON.stringify({ active: true, phantom_token: jwt }) : jwt;

    expect(thrownBy(() => readIntrospectionResponse(response(200, type, body), rules))).toEqual(
      INVALID('the JWT'),
    );
  });

  it(`a JWT in ${kind} must have one of the configured types`, () => {
    const read = () =>
      readIntrospectionResponse(response(200, type, yes), { ...rules, types: ['at+jwt'] });

    expect(thrownBy(read)).toEqual(INVALID("the JWT's type is absent"));
  });
});

describe('a raw JWT', () => {
  it('a raw JWT can have a line break after it', () => {
    expect(readRaw(`${JWT}\r\n`)).toMatchObject({ facts: readPhantomToken(JWT) });
  });

  it.each(['', 'No Content', JWT])(
    'a 204 response in place of a raw JWT is inactive, with the body %j',
    (body) => {
      const answer = response(204, 'application/jwt', body);

      expect(readIntrospectionResponse(answer, RAW)).toMatchObject({ invalid: 'token_inactive' });
      expect(readIntrospectionResponse(answer, RAW)).not.toHaveProperty('facts');
    },
  );

  it.each(['{"active":false}', '{"active":true}', '<html></html>', ' ', '\0', `${JWT}.`])(
    'the body %j in place of a raw JWT is a fault',
    (body) => {
      expect(thrownBy(() => readRaw(body))).toEqual(INVALID('the JWT'));
    },
  );
});

describe('JSON', () => {
  it.each([{}, { phantom_token: JWT, sub: 'alice', exp: NOW + 60 }, { sub: 7, exp: 'never' }])(
    'JSON with active: false is inactive, whatever else it states: %j',
    (more) => {
      expect(readJson({ active: false, ...more })).toMatchObject({ invalid: 'token_inactive' });
      expect(readJson({ active: false, ...more })).not.toHaveProperty('facts');
    },
  );

  it.each(['true', 'false', 1, 0, null, undefined, [], [true], {}, 'TRUE', ''])(
    'JSON with active: %j is a fault, neither active nor inactive, also with a valid JWT',
    (active) => {
      expect(thrownBy(() => readJson({ active, phantom_token: JWT }))).toEqual(
        INVALID('the response has no boolean "active"'),
      );
    },
  );

  it.each([
    ['', 'nothing'],
    ['null', 'null'],
    ['true', 'a boolean'],
    [`"${JWT}"`, 'a string'],
    [JWT, 'a raw JWT'],
    [`[{"active":true,"phantom_token":"${JWT}"}]`, 'a list'],
    [`{"active":true,"phantom_token":"${JWT}"`, 'cut off'],
    [`\uFEFF\uFEFF{"active":true,"phantom_token":"${JWT}"}`, 'marked by byte order twice'],
    [` \uFEFF{"active":true,"phantom_token":"${JWT}"}`, 'marked by byte order inside'],
    [`{"__proto__":{"active":true,"phantom_token":"${JWT}"}}`, 'inherited'],
    [`{"Active":true,"phantom_token":"${JWT}"}`, 'in another case'],
    ['<html></html>', 'an error page'],
  ])('the body %j in place of JSON is a fault (%s)', (body) => {
    expect(thrownBy(() => readJson(body))).toEqual(INVALID('the response has no boolean "active"'));
  });

  it('JSON can begin with a byte order mark', () => {
    expect(readJson(`\uFEFF{"active":true,"phantom_token":"${JWT}"}`)).toMatchObject({
      facts: { jwt: JWT },
    });
    expect(readJson('\uFEFF{"active":false}')).toMatchObject({ invalid: 'token_inactive' });
  });

  it('JSON can have members that are null, as Janssen sends nbf', () => {
    expect(readJson({ active: true, phantom_token: JWT, nbf: null, username: null })).toMatchObject(
      { facts: { claims: { sub: 'alice', nbf: undefined } } },
    );
  });

  it('a 204 response in place of JSON is a fault', () => {
    expect(
      thrownBy(() => readIntrospectionResponse(response(204, 'application/json', ''), MEMBER)),
    ).toEqual(INVALID('the authorization server responded 204'));
  });

  it.each([undefined, null, 7, true, { jwt: JWT }, [JWT]])(
    'JSON with a member that is %j instead of a JWT is a fault',
    (member) => {
      expect(thrownBy(() => readJson({ active: true, phantom_token: member, jwt: JWT }))).toEqual(
        INVALID('the response has no JWT in its member "phantom_token"'),
      );
    },
  );

  it.each(['constructor', '__proto__', 'toString', 'active'])(
    'JSON has no member %s unless it states it',
    (member) => {
      const read = () => readIntrospectionResponse(json({ active: true }), { ...MEMBER, member });

      expect(thrownBy(read)).toEqual(INVALID(`the response has no JWT in its member "${member}"`));
    },
  );

  it('a JWT in a member of JSON with white space around it is a fault', () => {
    expect(thrownBy(() => readJson({ active: true, phantom_token: `${JWT}\n` }))).toEqual(
      INVALID('the JWT'),
    );
  });

  it('the claims of JSON add to those of its JWT', () => {
    const { facts } = readJson({ active: true, phantom_token: JWT, scope: 'read', exp: NOW }) as {
      facts: unknown;
    };

    expect(facts).toMatchObject({ claims: { sub: 'alice', scopes: ['read'], exp: NOW } });
  });

  it('JSON binds the token to its sender, also if the JWT does not', () => {
    expect(readJson({ active: true, phantom_token: JWT, cnf: { jkt: 'x' } })).toMatchObject({
      facts: { claims: { senderConstrained: true } },
    });
  });

  it('JSON about another subject than its JWT is a fault', () => {
    expect(thrownBy(() => readJson({ active: true, phantom_token: JWT, sub: 'bob' }))).toEqual(
      INVALID('the introspection response and its JWT disagree on sub'),
    );
  });
});

describe('a response without token_type', () => {
  const answer = (members: object) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ active: true, phantom_token: jws({}), ...members })),
  });

  it('a response without token_type is a denial if untyped responses are refused, and not by default', () => {
    const refusing = { ...MEMBER, untyped: 'refuse' } as const;
    const denial = { invalid: 'token_not_access_token', comparison: { received: '(absent)' } };

    expect(readIntrospectionResponse(answer({}), refusing)).toMatchObject(denial);
    expect(readIntrospectionResponse(answer({ token_type: null }), refusing)).toMatchObject(denial);
    expect(readIntrospectionResponse(answer({ token_type: 'Bearer' }), refusing)).toHaveProperty(
      'facts',
    );
    expect(readIntrospectionResponse(answer({}), MEMBER)).toHaveProperty('facts');
  });
});
