import './require-node';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocalStack } from './local-stack';
import { parsePort, runUntilSignal, UsageError } from './run';

/** `npm run local -- --config FILE [--port N] [--max-environments N]` */
const USAGE = 'usage: npm run local -- --config FILE [--port N] [--max-environments N]';

runUntilSignal(async () => {
  const { config, port, maxEnvironments } = readArguments();
  const stack = await startLocalStack({
    configFile: config,
    port,
    maxEnvironments,
    secretValue: secretValue(process.env),
    log: (line) => console.error(line),
  });
  console.log(`ready ${stack.url.origin}`);
  return stack;
});

function readArguments() {
  const { config, port, 'max-environments': environments } = parseOptions();
  if (!config) throw new UsageError(`--config is missing\n${USAGE}`);
  if (environments !== undefined && !/^[1-9]\d{0,2}$/.test(environments)) {
    throw new UsageError(`--max-environments must be a number from 1 to 999, not ${environments}`);
  }
  return {
    // npm runs scripts in the project's directory; the file is meant from where the person stands.
    config: resolve(process.env['INIT_CWD'] ?? '.', config),
    port: parsePort(port),
    maxEnvironments: environments === undefined ? undefined : Number(environments),
  };
}

function parseOptions() {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({ options: { config: text, port: text, 'max-environments': text } }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

/**
 * What an operator would have put into the secret: the whole JSON, or its two usual members. The whole
 * is for client authentication that takes a key or a certificate.
 */
function secretValue(environment: NodeJS.ProcessEnv): string | undefined {
  const whole = environment['INTROSPECTION_CREDENTIALS'];
  if (whole) return whole;
  const clientId = environment['INTROSPECTION_CLIENT_ID'];
  const clientSecret = environment['INTROSPECTION_CLIENT_SECRET'];
  if (clientId && clientSecret) {
    return JSON.stringify({ client_id: clientId, client_secret: clientSecret });
  }
  console.error(
    'INTROSPECTION_CLIENT_ID and INTROSPECTION_CLIENT_SECRET (or INTROSPECTION_CREDENTIALS, the whole ' +
      'secret as JSON) are not set: as after a deployment whose secret nobody has set yet, every access ' +
      'token will be answered with 503.',
  );
  return undefined;
}
