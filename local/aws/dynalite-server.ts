import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import dynalite from 'dynalite';
import { close } from '../http-server';
import { beforeEnd } from './before-end';

/** Embedded DynamoDB in memory. */
export interface DynaliteServer {
  readonly server: Server;
  /** Responds to the requests that have arrived, and then closes the database. Unfinished requests are ended. */
  close(): Promise<void>;
}

/**
 * Creates a dynalite server. Dynalite itself throws an error that no caller can catch, which ends the process, when a
 * client ends before its response, and when it handles a request while its database closes.
 *
 * @see https://github.com/architect/dynalite/blob/main/index.js
 */
export function createDynaliteServer(): DynaliteServer {
  const server = dynalite({ createTableMs: 0 });
  const responses = new Set<Promise<void>>();
  let isClosing = false;
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isClosing) request.destroy();
    // Dynalite responds to each request that it has read to the end.
    request.once('end', () => {
      const responded = new Promise<void>((resolve) => beforeEnd(response, () => resolve()));
      responses.add(responded);
      void responded.then(() => responses.delete(responded));
    });
  });
  // In place of dynalite's own listener, which throws the error.
  server.on('request', (request) => {
    request.removeAllListeners('error').on('error', () => undefined);
  });
  return {
    server,
    async close() {
      isClosing = true;
      // Requests that arrived before can end meanwhile.
      while (responses.size > 0) await Promise.all(responses);
      await close(server);
    },
  };
}
