import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The asked-for port belongs to another program. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/**
 * Starts listening on loopback only: nothing of local mode is meant for another machine.
 *
 * @param port 0, the default, takes a free port.
 * @returns the server's origin, for example `http://127.0.0.1:41234/`.
 * @throws PortTakenError when another program listens on the port.
 */
export async function listen(server: Server, port = 0): Promise<URL> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new PortTakenError(`port ${port} on 127.0.0.1 is taken`, { cause: error })
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
 * Stops listening and destroys every connection, requests under way included: a client that keeps
 * its connections alive would otherwise keep the server, and so the process, alive too. Does
 * nothing when the server is not listening; it may listen again afterwards.
 */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
