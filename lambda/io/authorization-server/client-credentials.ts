import {
  type ClientAuthentication,
  type ClientCredentials,
  parseClientCredentials,
} from '../../core/client-credentials';
import {
  type CachedSecret,
  type CachedSecretOptions,
  createCachedSecret,
} from '../aws/cached-secret';

/** The client credentials. A reread follows where the authorization server rejected them. */
export type ClientCredentialsSource = CachedSecret<ClientCredentials>;

interface Options extends Omit<CachedSecretOptions<ClientCredentials>, 'parse' | 'unavailable'> {
  readonly method: ClientAuthentication['method'];
}

/**
 * Keeps the client credentials of one execution environment. Both functions throw a Fault
 * `credentials_unavailable` or `credentials_invalid`.
 */
export function createClientCredentials({ method, ...options }: Options): ClientCredentialsSource {
  return createCachedSecret({
    ...options,
    parse: (text) => parseClientCredentials(text, method),
    unavailable: 'credentials_unavailable',
  });
}
