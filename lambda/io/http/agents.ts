import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';

/** Certificates of TLS connections. The server's certificate is always verified. */
export interface TlsOptions {
  /** PEM of the only authorities to trust; `undefined` for those that Node.js trusts. */
  readonly ca?: string | undefined;
  /** Our own certificate and its key, PEM. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface ConnectionOptions {
  /** Maximum time for connecting to one address of a server, TLS included, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Resolves host names. */
  readonly lookup?: LookupFunction | undefined;
}

/** Creates the agents of one HTTP client, each when it is first needed; few clients need both. */
export function createAgents(tls: TlsOptions, { connectTimeoutMs, lookup }: ConnectionOptions) {
  let [http, https]: [HttpAgent?, HttpsAgent?] = [];
  const shared = {
    keepAlive: true,
    ...(lookup && { lookup }),
    // Node.js cancels the attempt at each address but the last after 250 ms by default, so that a distant
    // server fails. Half of the time is left for TLS.
    // https://nodejs.org/api/net.html#socketconnectoptions-connectlistener
    autoSelectFamilyAttemptTimeout: connectTimeoutMs / 2,
  };
  return {
    http() {
      http ??= dropUnsolicited(new HttpAgent(shared));
      return http;
    },
    https() {
      // Explicit, although it is the default: an environment variable of Node.js could turn it off.
      const options = { ...shared, ...tls, rejectUnauthorized: true };
      https ??= dropUnsolicited(new HttpsAgent(options));
      return https;
    },
  };
}

/** Closes idle connections that receive data: nothing was requested. */
function dropUnsolicited<A extends HttpAgent>(agent: A): A {
  agent.on('free', (socket: Socket) => socket.on('data', destroySocket));
  return agent;
}

/** Marks a connection as in use, so that data is expected again. */
export function markInUse(socket: Socket): void {
  socket.off('data', destroySocket);
}

function destroySocket(this: Socket): void {
  this.destroy();
}
