/**
 * The embedded authorization server in a process of its own: oidc-provider is published as ES
 * modules only, which jest cannot load. It is told what to do, and answers, over IPC.
 */
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from '../../local/authorization-server/authorization-server';

const start = () =>
  startAuthorizationServer({
    audience: 'api.local',
    applications: {
      shop: { scopes: ['read', 'orders:read'] },
      brief: { scopes: ['read'], accessTokenTtlSeconds: 2 },
    },
    log: (line) => console.log(line),
  });

const clock = Date.now;

const commands: Record<string, (server: AuthorizationServer<string>) => unknown> = {
  describe: ({ introspections, stop, start: restart, close, ...description }) => description,
  introspections: (server) => server.introspections(),
  stop: (server) => server.stop(),
  start: (server) => server.start(),
  'freeze the clock': () => {
    const now = Date.now();
    Date.now = () => now;
  },
  'one second later': () => {
    const now = Date.now() + 1000;
    Date.now = () => now;
  },
  'thaw the clock': () => {
    Date.now = clock;
  },
  close: async (server) => {
    await server.close();
    // From here on only what the server left behind could keep this process alive.
    process.removeAllListeners('disconnect');
    process.disconnect();
  },
};

start().then((server) => {
  process.on('message', async (command: string) => {
    const answer = await commands[command]?.(server);
    if (process.connected) process.send?.({ answer });
  });
  process.send?.({ answer: 'started' });
});
// The test that started it is gone.
process.on('disconnect', () => process.exit());
