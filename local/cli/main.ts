import './require-node';
import { readFileSync } from 'node:fs';
import { type Arguments, readArguments } from './arguments';
import { checkEarly } from './check-early';
import { runUntilSignal } from './run';
import type * as Serve from './serve';

/** `npm run local`: `local/cli/arguments.ts` has the arguments. */
runUntilSignal(async () => {
  const given = readArguments(process.argv.slice(2), process.env);
  await checkEarly(given);
  const { serve }: typeof Serve = require('./serve');
  return serve({ ...given, secretValue: secretValue(given, process.env) }, (line) =>
    console.error(line),
  );
});

/**
 * Returns the value of the credentials secret from the environment: its JSON, or its members `client_id` and
 * `client_secret`. Client authentication with a key or a certificate needs the JSON.
 */
function secretValue(
  { secrets, config }: Arguments,
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

/** Tells whether a deployment needs credentials. Without client authentication it generates the secret's value. */
function needsCredentials(configFile: string | undefined): boolean {
  if (configFile === undefined) return true;
  const { introspection = {} } = JSON.parse(readFileSync(configFile, 'utf8'));
  const { credentialsSecretArn, clientAuthentication: authentication } = introspection;
  return (
    credentialsSecretArn !== undefined || (authentication?.method ?? authentication) !== 'none'
  );
}
