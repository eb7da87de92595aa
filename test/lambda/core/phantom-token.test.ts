import fc from 'fast-check';
import type { JsonObject } from '../../../lambda/core/json';
import {
  hasExpiry,
  isExpired,
  parseTokenInfo,
  readPhantomToken,
  serializeTokenInfo,
} from '../../../lambda/core/phantom-token';
import { faultWith, thrownBy } from '../../support/faults';
import { base64url, createTokenSigner, facts, ISSUER, jws, NOW } from '../../support/tokens';

const INVALID = (detail: string) => faultWith('introspection_response_invalid', detail);

describe('readPhantomToken', () => {
  it('reads a signed JWT as facts', async () => {
    const sign = await createTokenSigner();
    const jwt = await sign({ exp: 1_800_000_600, nbf: 1_800_000_000 });

    expect(readPhantomToken(jwt)).toEqual({
      jwt,
      responseClaims: undefined,
      claims: {
        iss: ISSUER,
        aud: ['api.example.com'],
        sub: 'alice',
        clientId: 'shop',
        scopes: ['read', 'write'],
        exp: 1_800_000_600,
        nbf: 1_800_000_000,
        senderConstrained: false,
      },
    });
  });

  it.each([
    ['nothing', ''],
    ['two parts', 'e30.e30'],
    ['four parts', `${jws({})}.x`],
    ['five parts, as a JWE has', 'a.b.c.d.e'],
    ['an empty header', `.${base64url({})}.x`],
    ['an empty payload', `${base64url({ alg: 'RS256' })}..x`],
    ['an empty signature', `${base64url({ alg: 'RS256' })}.${base64url({})}.`],
    ['a signature that is not base64url', jws({}, { alg: 'RS256' }, 'a+b')],
    ['white space around it', ` ${jws({})}`],
    ['a line break after it', `${jws({})}\n`],
    ['padding', `${jws({})}=`],
    ['quotes around it', `"${jws({})}"`],
    ['a header that is not JSON', `${base64url('{')}.${base64url({})}.x`],
    ['a header that is a list', jws({}, [])],
    ['a payload that is not JSON', jws('{sub')],
    ['a payload that is null', jws(null)],
    ['a payload that is a list', jws([])],
    ['a payload that is a string', jws('"x"')],
  ])('refuses as a phantom token: %s', (_, jwt) => {
    expect(thrownBy(() => readPhantomToken(jwt))).toEqual(INVALID('the JWT'));
  });

  it.each([{ alg: 'none' }, { alg: 'NoNe' }, {}, { alg: null }, { alg: 1 }])(
    'refuses a JWT with the unsigned header %j',
    (header) => {
      expect(thrownBy(() => readPhantomToken(jws({}, header)))).toEqual(
        INVALID('the JWT is unsigned'),
      );
    },
  );

  it.each([
    ['the claim active', { active: true }],
    ['the claim active, false', { active: false }],
    ['the claim active, null', { active: null }],
    ['the claim token_introspection', { token_introspection: { active: true } }],
  ])('refuses a signed introspection response, known by %s, under any type', (_, payload) => {
    for (const typ of [undefined, 'JWT', 'at+jwt', 'token-introspection+jwt']) {
      const jwt = jws(payload, { alg: 'RS256', typ });
      const types = typ === undefined ? undefined : [typ];

      expect(thrownBy(() => readPhantomToken(jwt, undefined, types))).toEqual(
        INVALID('the JWT is a signed introspection response, not an access token to forward'),
      );
    }
  });

  it.each([undefined, 'at+jwt', 'AT+JWT', 'application/at+jwt', 'JWT', 'jwt', 'Application/JWT'])(
    'accepts a JWT of the type %j',
    (typ) => {
      const jwt = jws({}, { alg: 'RS256', typ });

      expect(readPhantomToken(jwt).jwt).toBe(jwt);
    },
  );

  it.each([
    'token-introspection+jwt',
    'application/Token-Introspection+JWT',
    'logout+jwt',
    'dpop+jwt',
    'secevent+jwt',
    'id+jwt',
    'JOSE',
    'JWTapplication/',
    '',
    ' JWT',
    null,
    1,
    ['at+jwt'],
  ])('refuses a JWT of the type %j', (typ) => {
    expect(thrownBy(() => readPhantomToken(jws({}, { alg: 'RS256', typ })))).toEqual(
      INVALID("the JWT's type is"),
    );
  });

  it.each([
    ['ID+JWT', 'id+jwt'],
    ['x\ny', 'x\\u000ay'],
    [1, 'absent'],
  ])('the refusal of a JWT of the type %j names its type', (typ, shown) => {
    expect(thrownBy(() => readPhantomToken(jws({}, { alg: 'RS256', typ })))).toEqual(
      INVALID(`the JWT's type is ${shown}, which is not one to forward`),
    );
  });

  it('accepts exactly the configured types of JWTs', () => {
    const read = (typ?: unknown) => () =>
      readPhantomToken(jws({}, { alg: 'RS256', typ }), undefined, ['application/Custom+JWT', 'x']);

    for (const typ of ['custom+jwt', 'Application/custom+jwt', 'X']) {
      expect(read(typ)().jwt).toEqual(expect.any(String));
    }
    for (const typ of [undefined, 'at+jwt', 'JWT', 'custom', null]) {
      expect(thrownBy(read(typ))).toEqual(INVALID("the JWT's type is"));
    }
  });

  it('refuses a JWT with a malformed claim, also one beyond every number', () => {
    expect(thrownBy(() => readPhantomToken(jws({ sub: 7 })))).toEqual(INVALID('sub is'));
    expect(thrownBy(() => readPhantomToken(jws('{"exp":1e999}')))).toEqual(INVALID('exp is'));
  });

  it('reads any payload of a JWT, or throws a fault that quotes nothing of it', () => {
    const secret = 'Sesame-7f3a';
    const value = fc.jsonValue().map((json) => JSON.stringify(json));
    const payload = fc.oneof(value, fc.string()).map((text) => `${secret}${text}`);

    fc.assert(
      fc.property(fc.oneof(value, payload), (text) => {
        const jwt = jws(text);
        try {
          expect(readPhantomToken(jwt).jwt).toBe(jwt);
        } catch (error) {
          expect(error).toEqual(INVALID(''));
          expect(String(error)).not.toContain(secret);
          expect((error as Error).cause).toBeUndefined();
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('readPhantomToken with what the introspection response said', () => {
  const JWT = jws({ sub: 'alice', scope: 'read write', exp: NOW + 600 });

  it('combines the claims of the response with those of the JWT', () => {
    const { claims } = readPhantomToken(JWT, { scope: 'write admin', exp: NOW + 60, aud: 'api' });

    expect(claims).toMatchObject({ sub: 'alice', scopes: ['write'], exp: NOW + 60, aud: ['api'] });
  });

  it('keeps of the introspection response only the claims it reads', () => {
    const stated = { scope: 'read', token_type: 'Bearer', cnf: { jkt: 'x' } };
    const more = { active: true, jwt: JWT, username: 'alice', realm_access: { roles: [] } };

    expect(readPhantomToken(JWT, { ...stated, ...more }).responseClaims).toStrictEqual(stated);
    expect(readPhantomToken(JWT, more).responseClaims).toStrictEqual({});
  });

  it('treats a member of the introspection response that is null as absent', () => {
    const nothing = { nbf: null, exp: null, iss: null, sub: null, aud: null, scope: null };
    const more = { client_id: null, cnf: null, token_type: null, token_use: null, typ: null };

    expect(readPhantomToken(JWT, { ...nothing, ...more })).toEqual(readPhantomToken(JWT, {}));
  });

  it.each([
    ...['iss', 'sub', 'client_id', 'aud', 'scope', 'exp', 'nbf'],
    ...['token_type', 'token_use', 'typ'],
  ])('refuses %s that is null in the JWT, whatever the response states', (name) => {
    for (const stated of [undefined, {}, { [name]: null }]) {
      expect(thrownBy(() => readPhantomToken(jws({ [name]: null }), stated))).toEqual(
        INVALID(`${name} is`),
      );
    }
  });

  it('accepts the client of the response if the JWT names it as azp', () => {
    const exchanged = jws({ client_id: 'first-client', azp: 'shop' });

    expect(readPhantomToken(exchanged, { client_id: 'shop' }).claims.clientId).toBe('shop');
    expect(thrownBy(() => readPhantomToken(exchanged, { client_id: 'other' }))).toEqual(
      INVALID('the introspection response and its JWT disagree on client_id'),
    );
  });

  it('refuses a malformed claim in the introspection response', () => {
    expect(thrownBy(() => readPhantomToken(JWT, { exp: '1800000000' }))).toEqual(
      INVALID('exp is not a number'),
    );
  });

  it('refuses an introspection response about another subject than that of its JWT', () => {
    expect(thrownBy(() => readPhantomToken(JWT, { sub: 'mallory' }))).toEqual(
      INVALID('the introspection response and its JWT disagree on sub'),
    );
  });
});

describe('serializeTokenInfo', () => {
  const text = fc.string({ unit: 'grapheme' });
  const claims = fc.record(
    {
      iss: fc.constant('https://login.example.com'),
      aud: fc.oneof(text, fc.array(text)),
      scope: fc.oneof(text, fc.array(text)),
      exp: fc.integer(),
      nbf: fc.integer(),
      cnf: fc.jsonValue(),
      token_type: text,
      token_use: text,
      typ: fc.oneof(fc.constantFrom('ID', 'Refresh', 'Bearer'), text),
      username: fc.constant('a\nb'),
    },
    { requiredKeys: [] },
  );

  it('serializeTokenInfo writes what parseTokenInfo reads, for any token', () => {
    fc.assert(
      fc.property(claims, fc.option(claims, { nil: undefined }), (payload, stated) => {
        const { cnf, ...rest } = payload;
        const own = stated && JSON.parse(JSON.stringify(stated));
        const read = readPhantomToken(jws(cnf === undefined ? rest : payload), own);
        expect(parseTokenInfo(serializeTokenInfo(read))).toEqual(read);
      }),
    );
  });

  it('serializeTokenInfo writes a JWT that came without a JSON response as it is', () => {
    const jwt = jws({});

    expect(serializeTokenInfo(readPhantomToken(jwt))).toBe(jwt);
  });

  it('parseTokenInfo checks again what it reads', () => {
    const custom = readPhantomToken(jws({}, { alg: 'RS256', typ: 'x' }), { exp: NOW }, ['x']);

    expect(parseTokenInfo(serializeTokenInfo(custom), ['x'])).toEqual(custom);
    expect(thrownBy(() => parseTokenInfo(serializeTokenInfo(custom)))).toEqual(
      INVALID("the JWT's type"),
    );
  });
});

describe('isExpired', () => {
  it('a token is expired from the moment of exp on, and never without exp', () => {
    expect(isExpired(facts({ exp: NOW }), NOW - 0.001)).toBe(false);
    expect(isExpired(facts({ exp: NOW }), NOW)).toBe(true);
    expect(isExpired(facts({ exp: 0 }), NOW)).toBe(true);
    expect(isExpired(facts({ exp: undefined }), NOW)).toBe(false);
  });
});

describe('hasExpiry', () => {
  it.each<[string, boolean, object, object?]>([
    ['has exp', true, { exp: NOW }],
    ['has exp, as its response has', true, { exp: NOW }, { exp: NOW }],
    ['has exp, and its response has none', true, { exp: NOW }, {}],
    ['has no exp', false, {}],
    ['has no exp, and its response has', false, {}, { exp: NOW }],
    ['has no exp, nor has its response', false, {}, {}],
  ])('hasExpiry of a JWT that %s is %s', (...[, expected, own, response]) => {
    expect(hasExpiry(readPhantomToken(jws(own), response as JsonObject))).toBe(expected);
  });

  it('hasExpiry of a minted token is true, whatever the access token states', () => {
    expect(hasExpiry({ ...facts({ exp: undefined }), keyId: 'a' })).toBe(true);
  });

  it('hasExpiry does not decode a JWT that came without a JSON response', () => {
    expect(hasExpiry(facts({ exp: NOW }, 'not a JWT'))).toBe(true);
    expect(hasExpiry(facts({ exp: undefined }, 'not a JWT'))).toBe(false);
  });
});
