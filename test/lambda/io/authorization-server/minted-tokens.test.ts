import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { serializeTokenInfo } from '../../../../lambda/core/phantom-token';
import { publishedKeySet, readSigningKeys } from '../../../../lambda/core/signing-keys';
import { faultWith } from '../../../support/faults';
import { ACCESS_TOKENS } from '../../../support/introspection-shapes';
import { httpResponse, mintedTokens, signerOf, signingSecret } from '../../../support/minting';
import { ISSUER, jws, NOW } from '../../../support/tokens';

const BEARER = { active: true, token_type: 'Bearer', client_id: 'web', sub: 'alice' };
const FRESHNESS = { cacheControl: undefined, age: undefined };

/** Returns the facts of a response about an active access token. */
async function factsOf(source: ReturnType<typeof mintedTokens>, members: object) {
  const introspection = await source.obtain(httpResponse(members));
  if ('invalid' in introspection) throw new Error(`expected facts, got ${introspection.invalid}`);
  return introspection.facts;
}

describe('createMintedTokens', () => {
  it.each(ACCESS_TOKENS)('mints a token that upstreams verify, for $server', async (shape) => {
    const text = signingSecret();
    const untyped = shape.untyped ? 'accept' : 'refuse';
    const source = mintedTokens({ signer: signerOf(text), untyped });

    const { jwt, claims, keyId } = await factsOf(source, shape.response);

    const { current } = readSigningKeys(text);
    const keys = createLocalJWKSet(publishedKeySet(readSigningKeys(text)) as never);
    const { payload } = await jwtVerify(jwt, keys, {
      ...{ issuer: 'https://api.example.com', audience: 'orders', typ: 'at+jwt' },
      ...{ algorithms: ['ES256'], currentDate: new Date(NOW * 1000) },
      requiredClaims: ['sub', 'client_id', 'iat', 'exp', 'jti'],
    });
    expect(payload.sub).toBe(shape.sub);
    expect(claims).toMatchObject({ sub: shape.sub, exp: payload.exp });
    expect(keyId).toBe(current.keyId);
  });

  it('the facts of a minted token have issuer, audience, nbf and cnf of the response for the checks', async () => {
    const stated = { iss: ISSUER, aud: ['other'], nbf: NOW + 5, cnf: { jkt: 'x' } };

    const { jwt, claims } = await factsOf(mintedTokens(), { ...BEARER, ...stated });

    expect(claims).toMatchObject({
      ...{ iss: ISSUER, aud: ['other'], nbf: NOW + 5, senderConstrained: true },
    });
    expect(decodeJwt(jwt)).not.toHaveProperty('cnf');
  });

  it('the facts of a minted token are the same from the token cache as from the introspection', async () => {
    const source = mintedTokens();
    const stated = { iss: ISSUER, aud: ['other'], exp: NOW + 30.5, cnf: { jkt: 'x' } };
    const facts = await factsOf(source, { ...BEARER, ...stated });
    const eternal = await factsOf(source, BEARER);

    expect(source.parse(serializeTokenInfo(facts))).toEqual(facts);
    expect(facts.claims.exp).toBe(NOW + 30);
    expect(source.parse(serializeTokenInfo(eternal))).toEqual(eternal);
    expect(eternal.claims.exp).toBeUndefined();
  });

  it('returns no facts from the token cache whose key is not published', async () => {
    const facts = await factsOf(mintedTokens(), BEARER);

    expect(mintedTokens().parse(serializeTokenInfo(facts))).toBeUndefined();
  });

  it('each minted token has an id of its own', async () => {
    const source = mintedTokens();
    const ids = new Set<unknown>();
    for (let count = 0; count < 3; count += 1) {
      ids.add(decodeJwt((await factsOf(source, BEARER)).jwt).jti);
    }

    expect(ids.size).toBe(3);
  });

  it.each<[string, ReturnType<typeof httpResponse>, string]>([
    ['active: false', httpResponse({ ...BEARER, active: false }), 'token_inactive'],
    ['204', httpResponse('', 'text/plain', 204), 'token_inactive'],
    [
      'a refresh token',
      httpResponse({ ...BEARER, token_use: 'refresh_token' }),
      'token_not_access_token',
    ],
    ['an expired token', httpResponse({ ...BEARER, exp: NOW - 1 }), 'token_expired'],
  ])('mints nothing for %s', async (_, response, invalid) => {
    const sign = jest.fn();
    const signer = { ...signerOf(), sign };

    const introspection = await mintedTokens({ signer }).obtain(response);

    expect(introspection).toMatchObject({ invalid, freshness: FRESHNESS });
    expect(sign).not.toHaveBeenCalled();
  });

  it.each<[string, ReturnType<typeof httpResponse>]>([
    ['no boolean active', httpResponse({ ...BEARER, active: 'true' })],
    ['a list', httpResponse([BEARER])],
    ['a JWT', httpResponse(jws(BEARER), 'application/jwt')],
    ['neither sub nor client_id', httpResponse({ active: true, token_type: 'Bearer' })],
    ['a malformed claim', httpResponse({ ...BEARER, exp: 'tomorrow' })],
    ['a sub that is not a string', httpResponse({ ...BEARER, sub: 7 })],
  ])('minting fails for a response with %s', async (_, response) => {
    await expect(mintedTokens().obtain(response)).rejects.toEqual(
      faultWith('introspection_response_invalid'),
    );
  });
});

describe('createMintedTokens with signed responses', () => {
  const header = { alg: 'ES256', typ: 'token-introspection+jwt' };
  const signed = (payload: object) =>
    httpResponse(
      jws({ iss: ISSUER, aud: 'gateway', iat: NOW, ...payload }, header),
      'application/token-introspection+jwt',
    );
  const source = (isGood: boolean) =>
    mintedTokens({
      signedResponses: {
        isSignatureGood: async () => isGood,
        parties: async () => ({ issuer: ISSUER, clientId: 'gateway' }),
      },
    });

  it('nested members of a signed response are read like a plain response of the issuer that signed it', async () => {
    const yes = await source(true).obtain(signed({ token_introspection: BEARER }));
    const no = await source(true).obtain(signed({ token_introspection: { active: false } }));

    expect(yes).toMatchObject({ facts: { claims: { sub: 'alice', iss: ISSUER } } });
    expect(no).toMatchObject({ invalid: 'token_inactive' });
  });

  it('minting fails if the signature of the response is bad, also for an inactive token', async () => {
    for (const nested of [BEARER, { active: false }]) {
      await expect(source(false).obtain(signed({ token_introspection: nested }))).rejects.toEqual(
        faultWith('introspection_response_invalid', 'the signature of the signed response is bad'),
      );
    }
  });

  it('minting fails for plain JSON if responses must be signed', async () => {
    await expect(source(true).obtain(httpResponse(BEARER))).rejects.toEqual(
      faultWith('introspection_response_invalid'),
    );
  });
});
