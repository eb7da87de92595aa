import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../terminal/user-error';

/** Port on which another program listens. */
export class PortTakenError extends UserError {
  override readonly name = 'PortTakenError';
}

/** Port that is taken or an error, or the one from which the next free one is taken. Port 0 takes any free one. */
export type PortChoice = number | { readonly preferred: number };

const MAX_PORT = 65_535;

/** Number of ports that are tried from the preferred one on. */
const TRIED_PORTS = 10;

/**
 * Starts listening, on loopback only, so that local mode is not reachable from other machines.
 *
 * @param choice default: any free port
 * @returns the server's origin, for example `http://127.0.0.1:41234/`.
 * @throws PortTakenError if another program listens on the port.
 */
export async function listen(server: Server, choice: PortChoice = 0): Promise<URL> {
  if (typeof choice === 'number') return listenAt(server, choice);
  const { preferred } = choice;
  const last = Math.min(preferred + TRIED_PORTS - 1, MAX_PORT);
  for (let port = preferred; port <= last; port += 1) {
    try {
      return await listenAt(server, port);
    } catch (error) {
      if (!(error instanceof PortTakenError)) throw error;
    }
  }
  return listenAt(server, 0);
}

/**
 * Returns the port of the nth of servers that have successive ports. Only the first one has exactly the chosen port: the
 * others take the next free one if theirs is in use.
 *
 * @param first choice for the first server. Default: any free port.
 */
export function successivePort(first: PortChoice = 0, index: number): PortChoice {
  if (index === 0 || first === 0) return first;
  return { preferred: (typeof first === 'number' ? first : first.preferred) + index };
}

async function listenAt(server: Server, port: number): Promise<URL> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(listenError(error, port));
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      resolve();
    });
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  const cause = { cause: error };
  if (error.code === 'EADDRINUSE') {
    return new PortTakenError(`port ${port} on 127.0.0.1 is in use`, cause);
  }
  if (error.code === 'EACCES') {
    return new UserError(
      `port ${port} on 127.0.0.1 needs rights that this user does not have`,
      cause,
    );
  }
  return error;
}

/**
 * Checks that no other program listens on a port.
 *
 * @throws PortTakenError if one does.
 */
export async function assertPortFree(port: number): Promise<void> {
  const probe = createServer();
  await listen(probe, port);
  await close(probe);
}

/**
 * Stops listening and destroys every connection, those of unfinished requests included. Clients with
 * keep-alive connections would otherwise keep the process running. Does nothing if the server does not
 * listen. The server can listen again afterwards.
 */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
