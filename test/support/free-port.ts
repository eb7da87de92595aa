import { randomInt } from 'node:crypto';
import { assertPortFree, PortTakenError } from '../../local/http-server';

/** Ports that no system gives to connections, which would take a port before a test listens on it. */
const [FIRST, END] = [20_000, 32_000];

/** Returns a port that no program listens on, for a server whose URL is needed before it listens. */
export async function freePort(): Promise<string> {
  for (;;) {
    const port = randomInt(FIRST, END);
    try {
      await assertPortFree(port);
      return String(port);
    } catch (error) {
      if (!(error instanceof PortTakenError)) throw error;
    }
  }
}
