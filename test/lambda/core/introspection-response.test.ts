import fc from 'fast-check';
import {
  type HttpResponse,
  readIntrospectionResponse,
} from '../../../lambda/core/introspection-response';
import { readPhantomToken } from '../../../lambda/core/phantom-token';
import { faultWith, thrownBy } from '../../support/faults';
import { jws } from '../../support/tokens';

const JWT = jws({ sub: 'alice' });

function response(some: Partial<Omit<HttpResponse, 'body'>> & { body?: string } = {}) {
  const { status = 200, headers = { 'content-type': 'application/jwt' }, body = JWT } = some;
  return { status, headers, body: Buffer.from(body) };
}

describe('readIntrospectionResponse', () => {
  it('takes 200 with a JWT for an active token', () => {
    expect(readIntrospectionResponse(response())).toEqual({
      facts: readPhantomToken(JWT),
      freshness: { cacheControl: undefined, age: undefined },
    });
  });

  it.each(['application/jwt;charset=utf-8', 'Application/JWT', ' application/jwt ; a=b'])(
    'takes the media type %j',
    (type) => {
      const answer = readIntrospectionResponse(response({ headers: { 'content-type': type } }));

      expect(answer.facts?.jwt).toBe(JWT);
    },
  );

  it('takes a JWT with a line break after it', () => {
    expect(readIntrospectionResponse(response({ body: `${JWT}\r\n` })).facts?.jwt).toBe(JWT);
  });

  it.each(['', 'No Content', JWT])('takes 204 for an inactive token, with the body %j', (body) => {
    expect(readIntrospectionResponse(response({ status: 204, body })).facts).toBeUndefined();
  });

  it('hands on the freshness of both answers, repeated headers joined', () => {
    const headers = {
      'content-type': 'application/jwt',
      'cache-control': ['max-age=5', 'no-store'],
      age: '3',
    };
    const freshness = { cacheControl: 'max-age=5, no-store', age: '3' };

    expect(readIntrospectionResponse(response({ headers }))).toMatchObject({ freshness });
    expect(readIntrospectionResponse(response({ headers, status: 204 }))).toMatchObject({
      freshness,
    });
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
    [203, 'introspection_response_invalid'],
    [206, 'introspection_response_invalid'],
    [301, 'introspection_response_invalid'],
    [302, 'introspection_response_invalid'],
    [304, 'introspection_response_invalid'],
    [307, 'introspection_response_invalid'],
    [400, 'introspection_response_invalid'],
    [404, 'introspection_response_invalid'],
  ] as const)('takes %i, even with a JWT, for the fault %s', (status, code) => {
    expect(thrownBy(() => readIntrospectionResponse(response({ status })))).toEqual(
      faultWith(code, `the authorization server answered ${status}`),
    );
  });

  it.each([
    ['application/json', { 'content-type': 'application/json' }],
    ['text/html', { 'content-type': 'text/html; charset=utf-8' }],
    [
      'application/token-introspection+jwt',
      { 'content-type': 'application/token-introspection+jwt' },
    ],
    ['application/jwtx', { 'content-type': 'application/jwtx' }],
    ['absent', {}],
  ])('takes a JWT under a media type that is %s for a fault', (type, headers) => {
    expect(thrownBy(() => readIntrospectionResponse(response({ headers })))).toEqual(
      faultWith('introspection_response_invalid', `the answer's media type is ${type}`),
    );
  });

  it.each([
    ['nothing', ''],
    ['{"active":false}', '{"active":false}'],
    ['an error page', '<html></html>'],
    ['two JWTs', `${JWT} ${JWT}`],
    ['an unsigned JWT', jws({}, { alg: 'none' })],
  ])('takes a body of %s for a fault', (_, body) => {
    expect(thrownBy(() => readIntrospectionResponse(response({ body })))).toEqual(
      faultWith('introspection_response_invalid', 'the JWT'),
    );
  });

  it('finds facts in nothing but 200 with application/jwt and a JWS', () => {
    const answer = fc.record({
      status: fc.oneof(fc.constantFrom(200, 204, 401, 302, 500), fc.integer({ min: 0, max: 999 })),
      type: fc.oneof(
        fc.constantFrom('application/jwt', 'application/json', 'text/plain', undefined),
        fc.string(),
      ),
      body: fc.oneof(
        fc.constantFrom(JWT, '{"active":true}', `${JWT}.`, `${JWT}\n`),
        fc.string({ unit: 'binary' }),
        fc.json(),
      ),
    });

    fc.assert(
      fc.property(answer, ({ status, type, body }) => {
        const read = () =>
          readIntrospectionResponse(response({ status, headers: { 'content-type': type }, body }));
        const yes = status === 200 && type === 'application/jwt' && body.trim() === JWT;
        if (yes) expect(read().facts?.jwt).toBe(JWT);
        else if (status === 204) expect(read().facts).toBeUndefined();
        else expect(thrownBy(read)).toMatchObject({ name: 'Fault' });
      }),
      { numRuns: 1000 },
    );
  });
});
