import {
  type ClientAuthentication,
  type ClientCredentials,
  parseClientCredentials,
} from '../../core/client-credentials';
import { type CachedSecret, createCachedSecret } from '../aws/cached-secret';
import type { AwsClient } from '../aws/client';

/** The client credentials. A reread follows where the authorization server rejected them. */
export type ClientCredentialsSource = CachedSecret<ClientCredentials>;

interface Options {
  readonly secretsManager: AwsClient;
  readonly secretArn: string;
  readonly method: ClientAuthentication['method'];
  /** Seconds of a clock that never steps back. */
  readonly now: () => number;
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
