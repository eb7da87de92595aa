import { constants } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** Result of the verification of a client certificate. */
export type VerifiedClient = 'trusted' | 'absent' | { readonly untrusted: string };

/**
 * Returns the options of a server that requests client certificates and decides itself about each request. Sessions are
 * not resumed: a resumed one is not verified.
 *
 * @param ca certificates of authorities, or of clients themselves, as PEM
 * @see https://nodejs.org/api/tls.html#session-resumption
 */
export function clientVerification(ca: string) {
  return {
    ca,
    requestCert: true,
    rejectUnauthorized: false,
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/**
 * Returns the verification of the client of a connection. A missing certificate is looked at first, since `authorized`
 * of Node.js is true for resumed sessions without one.
 */
export function verifiedClient(socket: TLSSocket): VerifiedClient {
  if (socket.getPeerX509Certificate() === undefined) return 'absent';
  return socket.authorized ? 'trusted' : { untrusted: String(socket.authorizationError) };
}
