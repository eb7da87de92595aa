import { createServer, type Socket } from 'node:net';
import { listening, stopped } from './stub-server';

/** Texts to send, each in its own packet. `end` closes the connection. */
type Script = readonly string[];

/**
 * Starts a TCP server that responds to each request with the script of the connection, by its number from 1.
 *
 * @param greeting text to send to each connection before a request.
 */
export async function startScriptedServer(
  scriptOf: (connection: number) => Script,
  { greeting }: { readonly greeting?: string } = {},
) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const connection = sockets.push(socket);
    socket.setNoDelay(true).on('error', () => undefined);
    if (greeting !== undefined) socket.write(greeting);
    socket.on('data', async () => {
      for (const step of scriptOf(connection)) {
        if (step === 'end') socket.end();
        else await new Promise((resolve) => socket.write(step, resolve));
      }
    });
  });
  return {
    url: new URL(await listening(server)),
    sockets,
    connections: () => sockets.length,
    close() {
      for (const socket of sockets) socket.destroy();
      return stopped(server);
    },
  };
}
