import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { errorCode } from '../../lambda/core/error-code';

/** Maximum time for connecting to a server, TLS included, in milliseconds. */
const CONNECT_TIMEOUT_MS = 2000;

/** Connection to a server, as far as it came. */
export interface Connection {
  readonly url: URL;
  /** Addresses of the host; empty if its name does not resolve. */
  readonly addresses: readonly string[];
  /** Error code of Node.js or OpenSSL, if the connection failed. */
  readonly failure: string | undefined;
  /** Expiry of the server's certificate in epoch seconds; `undefined` without TLS. */
  readonly certificateExpiresAt: number | undefined;
}

/**
 * Resolves the host of a URL and connects to it. Sends no request. Never rejects.
 *
 * @param ca PEM of the only authorities to trust; `undefined` for those that Node.js trusts.
 */
export async function probeConnection(url: URL, ca?: string): Promise<Connection> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  let addresses: readonly string[] = [];
  try {
    addresses = (await lookup(host, { all: true })).map(({ address }) => address);
    const certificateExpiresAt = await handshake(url, host, ca);
    return { url, addresses, failure: undefined, certificateExpiresAt };
  } catch (error) {
    return { url, addresses, failure: errorCode(error), certificateExpiresAt: undefined };
  }
}

function handshake(url: URL, host: string, ca: string | undefined): Promise<number | undefined> {
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  return new Promise((resolve, reject) => {
    const socket: Socket | TLSSocket = secure
      ? connectTls({ host, port, ...(ca && { ca }), ...(!isIP(host) && { servername: host }) })
      : connect({ host, port });
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.once('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      resolve('getPeerCertificate' in socket ? expiryOf(socket) : undefined);
      socket.destroy();
    });
  });
}

function expiryOf(socket: TLSSocket): number | undefined {
  const expiry = Date.parse(socket.getPeerCertificate().valid_to);
  return Number.isNaN(expiry) ? undefined : expiry / 1000;
}
