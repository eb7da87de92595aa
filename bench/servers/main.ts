import type { RequestListener } from 'node:http';
import { createCertificateAuthority } from '../../test/support/certificates';
import { createAuthorizationServer } from './authorization-server';
import { serve } from './listen';
import { createPhantomToken } from './phantom-token';
import { createQuickDynamoDb } from './quick-dynamodb';
import { createSecretsManager } from './secrets-manager';
import { type Backend, type Command, LATENCIES, type Reply } from './start';

/** Runs the servers of the authorizer in a separate process, so that their processor time is not counted. */
async function main(tls: boolean): Promise<void> {
  const authority = tls ? await createCertificateAuthority() : undefined;
  const certificate = await authority?.server(['127.0.0.1']);
  const start = (listener: RequestListener) => serve(listener, certificate);
  const { jwt, jwks } = createPhantomToken();
  const authorizationServer = createAuthorizationServer(jwt, jwks);
  const services = {
    authorizationServer: await start(authorizationServer.listener),
    dynamoDb: await start(createQuickDynamoDb()),
    secretsManager: await start(createSecretsManager()),
  };
  const commands: Record<Command['command'], (command: Command) => unknown> = {
    counts: () =>
      Object.fromEntries(Object.entries(services).map(([name, { counts }]) => [name, counts])),
    introspections: ({ tokens = [] }) => tokens.map(authorizationServer.introspections),
    latencies({ on = false }) {
      for (const name of Object.keys(services) as (keyof typeof services)[]) {
        services[name].delay(on ? LATENCIES[name] : 0);
      }
    },
  };
  const control = await serve(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const command: Command = JSON.parse(text);
    const reply: Reply = { value: commands[command.command](command) };
    response.end(JSON.stringify(reply));
  });
  const backend: Backend = {
    introspectionEndpoint: services.authorizationServer.url,
    dynamoDbEndpoint: services.dynamoDb.url,
    secretsManagerEndpoint: services.secretsManager.url,
    controlEndpoint: control.url,
    authority: authority?.cert,
    jwt,
    jwks,
  };
  process.on('disconnect', () => process.exit());
  process.send?.(backend);
}

void main(process.argv[2] === 'tls');
