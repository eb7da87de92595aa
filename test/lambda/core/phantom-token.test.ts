import fc from 'fast-check';
import { readPhantomToken } from '../../../lambda/core/phantom-token';
import { faultWith, thrownBy } from '../../support/faults';
import { base64url, createTokenSigner, ISSUER, jws } from '../../support/tokens';

const INVALID = (detail: string) => faultWith('introspection_response_invalid', detail);

describe('readPhantomToken', () => {
  it('reads a signed JWT as facts', async () => {
    const sign = await createTokenSigner();
    const jwt = await sign({ exp: 1_800_000_600, nbf: 1_800_000_000 });

    expect(readPhantomToken(jwt)).toEqual({
      jwt,
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

  it('reads a JWT without any claim it knows', () => {
    expect(readPhantomToken(jws({})).claims).toEqual({
      iss: undefined,
      aud: [],
      sub: undefined,
      clientId: undefined,
      scopes: [],
      exp: undefined,
      nbf: undefined,
      senderConstrained: false,
    });
  });

  it.each([
    ['a string', 'a', ['a']],
    ['a list', ['a', 'b'], ['a', 'b']],
    ['an empty list', [], []],
  ])('reads an audience that is %s', (_, aud, expected) => {
    expect(readPhantomToken(jws({ aud })).claims.aud).toEqual(expected);
  });

  it.each([
    ['a string', ' read  write ', ['read', 'write']],
    ['an empty string', '', []],
    ['a list', ['read', 'write'], ['read', 'write']],
  ])('reads scopes that are %s', (_, scope, expected) => {
    expect(readPhantomToken(jws({ scope })).claims.scopes).toEqual(expected);
  });

  it.each([{ jkt: 'x' }, {}, null, 'x', false])(
    'takes a token with cnf %j for bound to its sender',
    (cnf) => {
      expect(readPhantomToken(jws({ cnf })).claims.senderConstrained).toBe(true);
    },
  );

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
  ])('refuses %s', (_, jwt) => {
    expect(thrownBy(() => readPhantomToken(jwt))).toEqual(INVALID('the JWT'));
  });

  it.each([{ alg: 'none' }, { alg: 'NoNe' }, {}, { alg: null }, { alg: 1 }])(
    'refuses the unsigned header %j',
    (header) => {
      expect(thrownBy(() => readPhantomToken(jws({}, header)))).toEqual(
        INVALID('the JWT is unsigned'),
      );
    },
  );

  it.each([
    ['the type', {}, { alg: 'RS256', typ: 'token-introspection+jwt' }],
    ['the type in full', {}, { alg: 'RS256', typ: 'application/Token-Introspection+JWT' }],
    ['the claim active', { active: true }, undefined],
    ['the claim active, false', { active: false }, undefined],
    ['the claim token_introspection', { token_introspection: { active: true } }, undefined],
  ])('refuses a signed introspection response, known by %s', (_, payload, header) => {
    expect(thrownBy(() => readPhantomToken(jws(payload, header)))).toEqual(
      INVALID('the JWT is a signed introspection response'),
    );
  });

  it.each([
    ['iss', 1],
    ['iss', null],
    ['sub', ['alice']],
    ['client_id', {}],
    ['exp', '1800000000'],
    ['exp', null],
    ['nbf', '1'],
    ['aud', 1],
    ['aud', [1]],
    ['aud', null],
    ['scope', { read: true }],
    ['scope', ['read', 1]],
  ])('refuses the claim %s with the value %j', (name, value) => {
    expect(thrownBy(() => readPhantomToken(jws({ [name]: value })))).toEqual(
      INVALID(`the claim ${name} is`),
    );
  });

  it('refuses an exp beyond every number', () => {
    const jwt = jws('{"exp":1e999}');

    expect(thrownBy(() => readPhantomToken(jwt))).toEqual(INVALID('the claim exp'));
  });

  it('reads whatever payload there is, or throws a fault that quotes nothing of it', () => {
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
          expect(error).not.toHaveProperty('cause');
        }
      }),
      { numRuns: 500 },
    );
  });
});
