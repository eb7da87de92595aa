import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../terminal/user-error';

/** Port on which another program listens. */
export class PortTakenError extends UserError {
  override readonly name = 'PortTakenError';
}

/**
 * Starts listening, on loopback only, so that local mode is not reachable from other machines.
 *
 * @param port 0 takes a free port. Default: 0.
 * @returns the server's origin, for example `http://127.0.0.1:41234/`.
 * @throws PortTakenError if another program listens on the port.
 */
export async function listen(server: Server, port = 0): Promise<URL> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new PortTakenError(`port ${port} on 127.0.0.1 is in use`, { cause: error })
          : error,
      );
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      resolve();
    });
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
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
