import { clientAuthentication } from '../../../lambda/core/config-values';
import { AssertionAlgorithm, BasicEncoding, ClientAuthentication } from '../../../lib';

describe('ClientAuthentication', () => {
  it.each<readonly [string, ClientAuthentication, object]>([
    [
      'HTTP Basic',
      ClientAuthentication.clientSecretBasic(),
      { method: 'client_secret_basic', encoding: 'form' },
    ],
    [
      'HTTP Basic, unencoded',
      ClientAuthentication.clientSecretBasic(BasicEncoding.RAW),
      { method: 'client_secret_basic', encoding: 'raw' },
    ],
    ['form parameters', ClientAuthentication.clientSecretPost(), { method: 'client_secret_post' }],
    [
      'an assertion',
      ClientAuthentication.privateKeyJwt('https://login.example.com'),
      { method: 'private_key_jwt', audience: 'https://login.example.com' },
    ],
    ...Object.values(AssertionAlgorithm).map(
      (algorithm) =>
        [
          `an assertion by ${algorithm}`,
          ClientAuthentication.privateKeyJwt('a', algorithm),
          { method: 'private_key_jwt', audience: 'a', algorithm },
        ] as const,
    ),
    ['mutual TLS', ClientAuthentication.tlsClientAuth(), { method: 'tls_client_auth' }],
  ])('configures the authorizer for %s', (_, authentication, expected) => {
    expect(clientAuthentication(String(authentication))).toEqual(expected);
  });
});
