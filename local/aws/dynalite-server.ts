import type { RequestListener, Server, ServerResponse } from 'node:http';
import dynalite from 'dynalite';
import { close } from '../http-server';

/** DynamoDB in memory, with a close that no request outlives. */
export interface DynaliteServer {
  readonly server: Server;
  /** Waits for the responses to the requests so far, then stops listening and closes the database. */
  close(): Promise<void>;
}

/**
 * Creates a dynalite server. By itself, dynalite throws outside of any caller, which ends the process, when a client
 * ends before its response, and when a request uses the closed database.
 *
 * @see https://github.com/architect/dynalite/blob/main/index.js
 */
export function createDynaliteServer(): DynaliteServer {
  const server = dynalite({ createTableMs: 0 });
  const pending = new Set<ServerResponse>();
  let onIdle = () => {};
  const settle = (response: ServerResponse) => {
    pending.delete(response);
    if (pending.size === 0) onIdle();
  };
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    pending.add(response);
    const end = response.end.bind(response) as (...content: unknown[]) => ServerResponse;
    response.end = (...content: unknown[]) => {
      settle(response);
      return end(...content);
    };
    for (const listener of listeners) listener(request, response);
    // In place of the listener that throws. Dynalite responds to each request that it has read to the end.
    request.removeAllListeners('error').on('error', () => {
      if (!request.complete) settle(response);
    });
  });
  return {
    server,
    async close() {
      if (pending.size > 0) await new Promise<void>((resolve) => (onIdle = resolve));
      await close(server);
    },
  };
}
