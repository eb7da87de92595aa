import './require-node';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocalStack } from '../stack/local-stack';
import { parsePort, runUntilSignal, UsageError } from './run';

/**
 * `npm run local -- --config FILE [--port N] [--max-environments N]`, or `--app COMMAND [--context
 * NAME=VALUE …]` for another CDK app.
 */
const USAGE =
  'usage: npm run local -- --config FILE | --app COMMAND [--context NAME=VALUE …] [--port N] [--max-environments N]';

runUntilSignal(async () => {
  const { source, importedSecretArn, needsCredentials, port, maxEnvironments } = readArguments();
  const stack = await startLocalStack({
    source,
    importedSecretArn,
    port,
    maxEnvironments,
    secretValue: needsCredentials ? secretValue(process.env) : undefined,
    log: (line) => console.error(line),
  });
  if (stack.apis.length > 1) {
    for (const { name, url } of stack.apis) console.error(`${name} ${url.origin}`);
  }
  console.log(`ready ${stack.url.origin}`);
  return stack;
});

function readArguments() {
  const { config, app, context, port, 'max-environments': environments } = parseOptions();
  if (config === undefined && app === undefined) {
    throw new UsageError(`either --config or --app is required\n${USAGE}`);
  }
  if (config !== undefined && app !== undefined) {
    throw new UsageError(`specify either --config or --app, not both\n${USAGE}`);
  }
  if (environments !== undefined && !/^[1-9]\d{0,2}$/.test(environments)) {
    throw new UsageError(`--max-environments must be a number from 1 to 999, got: ${environments}`);
  }
  const given = Object.fromEntries(context.map(readContext));
  return {
    ...(app === undefined
      ? configSource(config ?? '', given)
      : { source: { app, context: given }, importedSecretArn: undefined, needsCredentials: true }),
    port: parsePort(port),
    maxEnvironments: environments === undefined ? undefined : Number(environments),
  };
}

function configSource(config: string, context: Readonly<Record<string, string>>) {
  // npm runs scripts in the project's directory. The path is relative to the caller's directory.
  const file = resolve(process.env['INIT_CWD'] ?? '.', config);
  const { credentialsSecretArn, clientAuthentication } = readIntrospection(file);
  return {
    source: { context: { ...context, config: file } },
    importedSecretArn: credentialsSecretArn,
    // Without client authentication the deployment generates the value of the secret.
    needsCredentials:
      credentialsSecretArn !== undefined || methodOf(clientAuthentication) !== 'none',
  };
}

function methodOf(authentication: Introspection['clientAuthentication']): string | undefined {
  return typeof authentication === 'object' ? authentication.method : authentication;
}

interface Introspection {
  /** ARN of an imported secret, which only the config names. */
  readonly credentialsSecretArn?: string;
  readonly clientAuthentication?: string | { readonly method?: string };
}

function readIntrospection(configFile: string): Introspection {
  try {
    return JSON.parse(readFileSync(configFile, 'utf8')).introspection ?? {};
  } catch {
    // The app reports the error in the file.
    return {};
  }
}

function readContext(text: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`--context must be NAME=VALUE, got: ${text}\n${USAGE}`);
  }
  return [name, value];
}

function parseOptions() {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      options: {
        config: text,
        app: text,
        context: { type: 'string', multiple: true, default: [] },
        port: text,
        'max-environments': text,
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

/**
 * Returns the value of the secret from the environment: its JSON, or its members `client_id` and
 * `client_secret`. Client authentication with a key or a certificate needs the JSON.
 */
function secretValue(environment: NodeJS.ProcessEnv): string | undefined {
  const credentials = environment['INTROSPECTION_CREDENTIALS'];
  if (credentials) return credentials;
  const clientId = environment['INTROSPECTION_CLIENT_ID'];
  const clientSecret = environment['INTROSPECTION_CLIENT_SECRET'];
  if (clientId && clientSecret) {
    return JSON.stringify({ client_id: clientId, client_secret: clientSecret });
  }
  console.error(
    'INTROSPECTION_CLIENT_ID and INTROSPECTION_CLIENT_SECRET (or INTROSPECTION_CREDENTIALS, the secret as ' +
      'JSON) are not set. As after a deployment without a secret value, requests with an access token get 503.',
  );
  return undefined;
}
