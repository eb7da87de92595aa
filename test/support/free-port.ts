import { createServer } from 'node:http';
import { close, listen } from '../../local/http-server';

/** Returns a port that no program listens on, for a server whose URL is needed before it listens. */
export async function freePort(): Promise<string> {
  const probe = createServer();
  const { port } = await listen(probe);
  await close(probe);
  return port;
}
