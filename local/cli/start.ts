import './require-node';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assertPortFree } from '../http-server';
import { type ApplicationName, type Sandbox, startSandbox } from '../stack/sandbox';
import { parsePort, runUntilSignal, UsageError } from './run';

const USAGE = 'usage: npm start [-- --port N --mint], or npm run example -- NAME [--port N]';

/** `npm start [-- --port N --mint]`, `npm run example -- NAME [--port N]` */
runUntilSignal(async () => {
  const { port, example, mint } = readArguments();
  const app = example === undefined ? undefined : commandOf(example);
  if (port) await assertPortFree(port);
  console.log('Synthesizing the stack and starting it on this machine …');
  const sandbox = await startSandbox({ app, port, mint, log: (line) => console.error(line) });
  console.log(instructions(sandbox));
  return sandbox;
});

function readArguments() {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      options: { port: text, example: text, mint: { type: 'boolean' } },
    });
    if (values.mint && values.example !== undefined) throw new UsageError(USAGE);
    return { ...values, port: parsePort(values.port) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(USAGE);
  }
}

/**
 * Returns the command that runs an example app.
 *
 * @throws UsageError naming the available examples.
 */
function commandOf(example: string): string {
  const names = readdirSync(join(__dirname, '..', '..', 'examples'))
    .filter((file) => file.endsWith('.ts') && file !== 'example-context.ts')
    .map((file) => file.replace(/\.ts$/, ''));
  if (names.includes(example)) return `node --import tsx examples/${example}.ts`;
  throw new UsageError(`unknown example '${example}'; available: ${names.join(', ')}\n${USAGE}`);
}

function instructions({ authorizationServer, upstream, stack, keySet }: Sandbox): string {
  const call = `curl -i -H "Authorization: Bearer $TOKEN" ${stack.url.origin}/orders/42`;
  return `
${apis(stack)}
  authorization server      ${authorizationServer.issuer}
  upstream API (sample)     ${upstream.url.origin}${keySet ? `\n  keys of minted tokens     ${keySet.href}` : ''}

Without a token, 401:

  curl -i ${stack.url.origin}/orders/42

With an opaque access token, which the upstream API receives as a JWT:

  ${tokenCommand(authorizationServer, 'orders-app', 'read')}
  ${call}

With a token that lacks the scope "read", 403:

  ${tokenCommand(authorizationServer, 'reports-app', 'reports')}
  ${call}

With a token that expires after three seconds:

  ${tokenCommand(authorizationServer, 'impatient-app', 'read')}
  ${call}

Standard error shows the logs of authorizer and gateway. Ctrl-C stops all servers.
`;
}

function apis({ apis }: Sandbox['stack']): string {
  const label = (name: string) => (apis.length > 1 ? name : 'API (the local gateway)');
  return apis.map(({ name, url }) => `  ${label(name).padEnd(25)} ${url.origin}`).join('\n');
}

function tokenCommand(
  { tokenEndpoint, clients }: Sandbox['authorizationServer'],
  application: ApplicationName,
  scope: string,
): string {
  const { clientId, clientSecret } = clients[application];
  const post = `curl -s -u ${clientId}:${clientSecret} -d grant_type=client_credentials -d scope=${scope}`;
  return `TOKEN=$(${post} ${tokenEndpoint} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;
}
