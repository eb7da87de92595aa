import { readFileSync } from 'node:fs';
import type { Arguments } from './arguments';

/**
 * Returns the value of the credentials secret from the environment: its JSON, or its members `client_id` and
 * `client_secret`. Client authentication with a key or a certificate needs the JSON. Prints a warning if credentials are
 * missing.
 */
export function secretValueFrom(
  { secrets, config }: Pick<Arguments, 'secrets' | 'config'>,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const credentials = environment['INTROSPECTION_CREDENTIALS'];
  if (credentials) return credentials;
  const clientId = environment['INTROSPECTION_CLIENT_ID'];
  const clientSecret = environment['INTROSPECTION_CLIENT_SECRET'];
  if (clientId && clientSecret) {
    return JSON.stringify({ client_id: clientId, client_secret: clientSecret });
  }
  if (Object.keys(secrets).length > 0 || !needsCredentials(config)) return undefined;
  console.error(
    'INTROSPECTION_CLIENT_ID and INTROSPECTION_CLIENT_SECRET (or INTROSPECTION_CREDENTIALS, the secret as ' +
      'JSON) are not set. As after a deployment without a secret value, requests with an access token get 503.',
  );
  return undefined;
}

/** Returns whether a deployment needs credentials. Without client authentication it generates the secret's value. */
function needsCredentials(configFile: string | undefined): boolean {
  if (configFile === undefined) return true;
  const { introspection = {} } = JSON.parse(readFileSync(configFile, 'utf8'));
  const { credentialsSecretArn, clientAuthentication: authentication } = introspection;
  return (
    credentialsSecretArn !== undefined || (authentication?.method ?? authentication) !== 'none'
  );
}
