import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Ports that no system gives to connections, which would take a port before a test listens on it. */
const [FIRST, END] = [20_000, 32_000];

/** Returns a port that no program listens on, for a server whose URL is needed before it listens. */
export async function freePort(): Promise<string> {
  for (;;) {
    const port = randomInt(FIRST, END);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    await once(server.close(), 'close');
    return String(port);
  }
}
