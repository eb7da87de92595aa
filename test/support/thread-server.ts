import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/**
 * Script of the thread. It responds to each request with its body, reversed. On the message `stale` it sends
 * another response on every connection. On `pause` it stops until it is resumed, and meanwhile accepts no
 * connections.
 */
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
const { createServer } = require('node:net');
const signal = new Int32Array(workerData.shared);
const sockets = new Set();
const respond = (socket, text) =>
  socket.write('HTTP/1.1 200 OK\\r\\ncontent-length: ' + text.length + '\\r\\n\\r\\n' + text);
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  socket.on('data', (data) => {
    const body = data.toString().split('\\r\\n\\r\\n')[1];
    respond(socket, [...body].reverse().join(''));
  });
});
parentPort.on('message', (message) => {
  if (message === 'pause') {
    parentPort.postMessage('paused');
    Atomics.wait(signal, 0, 0);
    return;
  }
  for (const socket of sockets) respond(socket, 'stale');
});
server.listen({ port: 0, host: '127.0.0.1', ...workerData.at, backlog: 1 }, () => parentPort.postMessage(server.address().port));
`;

/** Starts a server in its own thread, which runs while this thread is stopped, and vice versa. */
export async function startThreadServer(at: { host?: string; port?: number } = {}) {
  const shared = new SharedArrayBuffer(8);
  const signal = new Int32Array(shared);
  const worker = new Worker(SCRIPT, { eval: true, workerData: { shared, at } });
  const [port] = await once(worker, 'message');

  return {
    port: port as number,
    url: new URL(`http://127.0.0.1:${port}/`),
    /** Stops this thread, as Lambda freezes an environment, until another response has arrived. */
    freezeUntilStaleResponse(): void {
      worker.postMessage('stale');
      while (!hasUnreadData(port)) Atomics.wait(signal, 1, 0, 1);
    },
    /** Stops the server's thread. */
    async pause(): Promise<void> {
      worker.postMessage('pause');
      await once(worker, 'message');
    },
    resume(): void {
      Atomics.store(signal, 0, 1);
      Atomics.notify(signal, 0);
    },
    async close(): Promise<void> {
      await worker.terminate();
    },
  };
}

/**
 * Returns whether a connection to the port has unread bytes.
 *
 * @see https://docs.kernel.org/networking/proc_net_tcp.html
 */
function hasUnreadData(port: number): boolean {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .some(([, , peer, , queues]) => peer?.endsWith(remote) && !queues?.endsWith(':00000000'));
}
