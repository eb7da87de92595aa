import { withProgress } from '../../terminal/progress';
import type { RequestLog } from '../requests/request-log';
import {
  type ApplicationName,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '../stack/sandbox';

/** Serves a stack between an embedded authorization server and a sample API, and prints how to call it. */
export async function serveSandbox(
  options: Pick<SandboxOptions, 'app' | 'port' | 'mint'>,
  { log, onRequest }: RequestLog,
): Promise<Sandbox> {
  console.log('Synthesizing the stack and starting it on this machine …');
  const sandbox = await withProgress('Synthesizing', () =>
    startSandbox({ ...options, log, onRequest }),
  );
  console.log(instructions(sandbox));
  return sandbox;
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
