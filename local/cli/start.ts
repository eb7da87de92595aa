import './require-node';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ApplicationName, MCP_PATH, type Sandbox, startSandbox } from '../stack/sandbox';
import { parsePort, runUntilSignal, UsageError } from './run';

const USAGE = 'usage: npm start [-- --port N --mint], or npm run example -- NAME [--port N]';

/** `npm start [-- --port N --mint]`, `npm run example -- NAME [--port N]` */
runUntilSignal(async () => {
  const { port, example, mint } = readArguments();
  const app = example === undefined ? undefined : commandOf(example);
  console.log('Synthesizing the stack and starting it on this machine …');
  const sandbox = await startSandbox({ app, port, mint, log: (line) => console.error(line) });
  console.log(example === 'mcp-server' ? mcpInstructions(sandbox) : instructions(sandbox));
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

function mcpInstructions({ authorizationServer, stack }: Sandbox): string {
  const resource = `${stack.url.origin}${MCP_PATH}`;
  const scope = 'weather:read';
  const token = tokenCommand(authorizationServer, 'agent-app', scope, resource);
  return `
  MCP server                ${resource}
  authorization server      ${authorizationServer.issuer}

Connect an MCP client to the URL of the server. It finds the authorization server, registers there, and opens a
page where you sign in with any name and password.

Or request a token with client credentials, and list the tools:

  ${token}
  curl -s ${resource} -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\
    -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'

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
  resource?: string,
): string {
  const { clientId, clientSecret } = clients[application];
  const target = resource === undefined ? '' : ` -d resource=${resource}`;
  const post = `curl -s -u ${clientId}:${clientSecret} -d grant_type=client_credentials -d scope=${scope}${target}`;
  return `TOKEN=$(${post} ${tokenEndpoint} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;
}
