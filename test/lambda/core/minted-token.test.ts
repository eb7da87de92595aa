import { mintedTokenInfo, readMintedToken, signingInput } from '../../../lambda/core/minted-token';
import { faultWith, thrownBy } from '../../support/faults';
import { base64url, jws, NOW } from '../../support/tokens';

const HEADER = { typ: 'at+jwt', alg: 'ES256', kid: 'one' };
const OWN = { iss: 'https://api.example.com', aud: 'orders', sub: 'alice', exp: NOW + 420 };

describe('signingInput', () => {
  it('the signed part of a minted token is its header, with type, algorithm and key, and its claims', () => {
    expect(signingInput({ keyId: 'one', algorithm: 'ES256' }, OWN)).toBe(
      `${base64url(HEADER)}.${base64url(OWN)}`,
    );
  });
});

describe.each([
  ['mintedTokenInfo', (jwt: string, members: object) => mintedTokenInfo(jwt, OWN, { ...members })],
  ['readMintedToken', (jwt: string, members: object) => readMintedToken(jwt, { ...members })],
])('%s', (name, infoOf) => {
  const members = { iss: 'https://login.example.com', aud: ['shop'], client_id: 'web', nbf: NOW };
  const jwt = jws(OWN, HEADER);

  it(`${name} returns the facts that the response stated, with the subject and expiry of the token`, () => {
    const response = { ...members, sub: 'login-7', exp: NOW + 600 };

    expect(infoOf(jwt, { ...response, username: 'Alice', scope: null })).toEqual({
      jwt,
      responseClaims: response,
      keyId: 'one',
      claims: {
        iss: 'https://login.example.com',
        aud: ['shop'],
        clientId: 'web',
        nbf: NOW,
        senderConstrained: false,
        sub: 'alice',
        exp: NOW + 420,
      },
    });
  });

  it(`${name} returns facts without expiry if the response stated none`, () => {
    expect(infoOf(jwt, members).claims.exp).toBeUndefined();
  });
});

describe('readMintedToken', () => {
  it('the facts of a minted token cannot be read from text that is not a JWT', () => {
    expect(thrownBy(() => readMintedToken('text', {}))).toEqual(
      faultWith('introspection_response_invalid', 'the JWT is not a JWS in compact form'),
    );
  });
});
