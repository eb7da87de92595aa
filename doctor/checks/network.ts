import { BlockList, isIPv6 } from 'node:net';
import { connectionAdvice, type ServerKey } from '../../lambda/core/connection-advice';
import { type Finding, fault, ok, warn } from '../check';
import type { Connection } from '../probes/connection';
import { EXPIRES_SOON_SECONDS } from './credentials';

/** Addresses that are not reachable from the internet. @see https://www.rfc-editor.org/rfc/rfc6890 */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4');
}
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

interface Place {
  readonly key: ServerKey;
  /** Advice for a server with a private address; `undefined` if it can be reached there. */
  readonly privateAdvice: string | undefined;
  /** Epoch seconds. */
  readonly now: number;
}

/** Checks the connection to the server that a config key names: its name, its port and its certificate. */
export function checkConnection(
  connection: Connection,
  { key, privateAdvice, now }: Place,
): Finding[] {
  const { url, failure, certificateExpiresAt } = connection;
  if (failure !== undefined) {
    return [
      fault(
        `${key}: the connection to ${url.host} failed: ${failure}`,
        connectionAdvice(failure, key) ?? `Check host and port of ${key}.`,
      ),
    ];
  }
  const isPrivate = connection.addresses.every(isPrivateAddress);
  return [
    ok(`${url.host} is reachable${certificateExpiresAt === undefined ? '' : ' by TLS'}`),
    ...(isPrivate && privateAdvice !== undefined
      ? [warn(`${key}: ${url.hostname} has only private addresses`, privateAdvice)]
      : []),
    ...expiry(url, certificateExpiresAt, now),
  ];
}

function expiry(url: URL, expiresAt: number | undefined, now: number): Finding[] {
  if (expiresAt === undefined || expiresAt - now >= EXPIRES_SOON_SECONDS) return [];
  const days = Math.max(0, Math.floor((expiresAt - now) / 86_400));
  return [
    warn(`the certificate of ${url.host} expires in ${days} days`, 'Renew it on the server.'),
  ];
}

function isPrivateAddress(address: string): boolean {
  return PRIVATE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
