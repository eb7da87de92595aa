import { mintedTokenInfo, signingInput } from '../../../lambda/core/minted-token';
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

describe('mintedTokenInfo', () => {
  const members = { iss: 'https://login.example.com', aud: ['shop'], client_id: 'web', nbf: NOW };
  const jwt = jws(OWN, HEADER);

  it('the facts of a minted token are what the response stated, with the subject and expiry of the token', () => {
    const response = { ...members, sub: 'login-7', exp: NOW + 600 };

    expect(mintedTokenInfo(jwt, { ...response, username: 'Alice', scope: null })).toEqual({
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

  it('the facts of a minted token have no expiry if the response stated none', () => {
    expect(mintedTokenInfo(jwt, members).claims.exp).toBeUndefined();
  });

  it('the facts of a minted token cannot be read from text that is not a JWT', () => {
    expect(thrownBy(() => mintedTokenInfo('text', members))).toEqual(
      faultWith('introspection_response_invalid', 'the JWT is not a JWS in compact form'),
    );
  });
});
