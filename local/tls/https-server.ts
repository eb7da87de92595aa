import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { clientVerification } from './client-verification';

/** Key and certificates of an https server, as PEM. */
export interface Tls {
  readonly key: string;
  readonly cert: string;
  /**
   * Certificate authority of client certificates, which are then requested but not required.
   * Default: client certificates are not requested.
   */
  readonly clientCa?: string;
}

/** Returns a server that does not listen yet: https with `tls`, http without. */
export function createHttpServer(tls: Tls | undefined): Server {
  if (tls === undefined) return createServer();
  const { key, cert, clientCa } = tls;
  const clients = clientCa === undefined ? {} : clientVerification(clientCa);
  return createTlsServer({ key, cert, ...clients });
}
