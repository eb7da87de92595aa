/**
 * The embedded authorization server in a process of its own: oidc-provider is published as ES
 * modules only, which jest cannot load. Tests start it with `authorization-server.ts` beside this.
 *
 * Its one argument, which may be left out, is JSON: the options of `startAuthorizationServer` that
 * differ from its defaults and from those below. Once it listens it sends its description over IPC;
 * then it takes `{ id, command }`, the commands being those below, and answers `{ id, answer }`.
 * What the server logs goes to standard output.
 */
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from '../../local/authorization-server/authorization-server';

const clock = Date.now;

const commands: Record<string, (server: AuthorizationServer<string>) => unknown> = {
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

startAuthorizationServer({
  audience: 'api.local',
  applications: {
    shop: { scopes: ['read', 'orders:read'] },
    brief: { scopes: ['read'], accessTokenTtlSeconds: 2 },
  },
  log: (line) => console.log(line),
  ...JSON.parse(process.argv[2] ?? '{}'),
}).then((server) => {
  process.on('message', async ({ id, command }: { id: number; command: string }) => {
    const answer = await commands[command]?.(server);
    if (process.connected) process.send?.({ id, answer });
  });
  const { introspections, stop, start, close, ...description } = server;
  process.send?.(description);
});
// The test that started it is gone.
process.on('disconnect', () => process.exit());
