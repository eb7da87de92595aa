import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { steadyNow } from '../steady-clock';

/**
 * Maximum time for which a connection can be idle before it is used again, in seconds. Firewalls, NAT and
 * VPN gateways forget idle connections without closing them; a request on such a connection costs its whole
 * deadline. Common timeouts start at 60 s.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
 */
export const MAX_IDLE_SECONDS = 50;

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
  /** Seconds of a clock that includes the time for which the environment was frozen. */
  readonly now?: (() => number) | undefined;
}

/** Creates the agents of one HTTP client, each when it is first needed; few clients need both. */
export function createAgents(tls: TlsOptions, options: ConnectionOptions) {
  const { connectTimeoutMs, lookup, now = steadyNow } = options;
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
      http ??= dropUnsolicited(new HttpAgent(shared), now);
      return dropStale(http, now);
    },
    https() {
      // Explicit, although it is the default: an environment variable of Node.js could turn it off.
      https ??= dropUnsolicited(
        new HttpsAgent({ ...shared, ...tls, rejectUnauthorized: true }),
        now,
      );
      return dropStale(https, now);
    },
  };
}

/** Time at which each idle connection became idle, in seconds. */
const idleSince = new WeakMap<Socket, number>();

/** Closes idle connections that receive data: nothing was requested. */
function dropUnsolicited<A extends HttpAgent>(agent: A, now: () => number): A {
  agent.on('free', (socket: Socket) => {
    idleSince.set(socket, now());
    socket.on('data', destroySocket);
  });
  return agent;
}

/**
 * Closes the connections that were idle for too long. The age is compared before each request instead of by
 * a timer, since timers stand still while the environment is frozen.
 */
function dropStale<A extends HttpAgent>(agent: A, now: () => number): A {
  const oldest = now() - MAX_IDLE_SECONDS;
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) {
      if ((idleSince.get(socket) ?? 0) <= oldest) socket.destroy();
    }
  }
  return agent;
}

/** Marks a connection as in use, so that data is expected again. */
export function markInUse(socket: Socket): void {
  socket.off('data', destroySocket);
}

function destroySocket(this: Socket): void {
  this.destroy();
}
