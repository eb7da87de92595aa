import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

/** Key and certificates of a server that speaks https, as PEM. */
export interface Tls {
  readonly key: string;
  readonly cert: string;
  /**
   * The authority of clients' certificates. With it, clients are asked for one and may do without.
   * Default: clients are not asked.
   */
  readonly clientCa?: string;
}

/** A server, not yet listening: https with `tls`, http without. */
export function createServerWith(tls: Tls | undefined): Server {
  if (tls === undefined) return createServer();
  const { key, cert, clientCa } = tls;
  const clients =
    clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: false };
  return createTlsServer({ key, cert, ...clients });
}
