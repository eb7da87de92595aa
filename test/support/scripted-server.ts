import { createServer, type Socket } from 'node:net';
import { listening, stopped } from './stub-server';

/** Bytes to send in packets of their own; `end` ends the connection. */
type Script = readonly string[];

/**
 * A TCP server that sends the script of a connection, whose number counts from 1, for each request that
 * arrives.
 *
 * @param greeting is sent to whoever connects, before a request.
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
