import './require-node';
import { parseArgs } from 'node:util';
import { parsePort, runUntilSignal, UsageError } from './run';
import { type ApplicationName, type Sandbox, startSandbox } from './sandbox';

/** `npm start [-- --port N]` */
runUntilSignal(async () => {
  const port = readPort();
  console.log('Synthesizing the stack and starting it on this machine …');
  const sandbox = await startSandbox({ port, log: (line) => console.error(line) });
  console.log(instructions(sandbox));
  return sandbox;
});

function readPort(): number | undefined {
  try {
    return parsePort(parseArgs({ options: { port: { type: 'string' } } }).values.port);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError('usage: npm start [-- --port N]');
  }
}

function instructions({ authorizationServer, upstream, stack }: Sandbox): string {
  const call = `curl -i -H "Authorization: Bearer $TOKEN" ${stack.url.origin}/orders/42`;
  return `
  API (the local gateway)   ${stack.url.origin}
  authorization server      ${authorizationServer.issuer}
  upstream API (sample)     ${upstream.url.origin}

Without a token, 401 with a challenge:

  curl -i ${stack.url.origin}/orders/42

With an opaque access token, which the upstream API receives as a JWT:

  ${tokenCommand(authorizationServer, 'orders-app', 'read')}
  ${call}

With a token that lacks the scope "read", 403:

  ${tokenCommand(authorizationServer, 'reports-app', 'reports')}
  ${call}

With a token that lives for three seconds:

  ${tokenCommand(authorizationServer, 'impatient-app', 'read')}
  ${call}

What the authorizer and the gateway log follows on standard error. Ctrl-C ends everything.
`;
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
