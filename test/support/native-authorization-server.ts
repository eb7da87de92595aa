/**
 * Embedded authorization server in its own process, since jest cannot load oidc-provider, which is an ES
 * module. `global-setup.ts` compiles it, and `authorization-server.ts` starts it.
 *
 * Its optional argument is JSON with options of `startAuthorizationServer`. Once it listens it sends its
 * description over IPC. Then it receives `{ id, command }` and responds with `{ id, result }`.
 */
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from '../../local/authorization-server/authorization-server';

const clock = Date.now;

const commands: Record<string, (server: AuthorizationServer<string>) => unknown> = {
  introspections: (server) => server.introspections(),
  rotateGatewaySecret: (server) => server.rotateGatewaySecret(),
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
  'release the clock': () => {
    Date.now = clock;
  },
  close: async (server) => {
    await server.close();
    // From here on, only a leak of the server could keep this process alive.
    process.removeAllListeners('disconnect');
    process.disconnect();
  },
};

startAuthorizationServer({
  audience: 'api.local',
  applications: {
    shop: { scopes: ['read', 'orders:read'] },
    brief: { scopes: ['read'], accessTokenTtlSeconds: 2 },
  },
  ...JSON.parse(process.argv[2] ?? '{}'),
}).then((server) => {
  process.on('message', async ({ id, command }: { id: number; command: string }) => {
    const result = await commands[command]?.(server);
    if (process.connected) process.send?.({ id, result });
  });
  const { introspections, serveMutualTls, stop, start, close, ...description } = server;
  process.send?.(description);
});
// The parent process has exited.
process.on('disconnect', () => process.exit());
