import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { close, listen, type PortChoice } from '../http-server';
import { clientVerification, verifiedClient } from '../tls/client-verification';
import type { MutualTlsDomain } from './definition/mutual-tls-domains';
import type { Endpoint } from './request/endpoint';
import { MAX_HEAD_BYTES } from './request/limits';

/** Server certificate and trust store, as PEM. */
export interface MutualTls {
  readonly key: string;
  readonly cert: string;
  /** Certificates of authorities, or of clients themselves. */
  readonly trustStore: string;
}

/** Options of {@link createMutualTlsServer}. */
export interface MutualTlsServerOptions {
  readonly domain: MutualTlsDomain;
  readonly tls: MutualTls;
  /** Handles a request to an API. */
  readonly serve: (
    api: string,
    endpoint: Endpoint,
    message: IncomingMessage,
    response: ServerResponse,
  ) => void;
  readonly log: (line: string) => void;
}

/**
 * Creates a server of a domain name with mutual TLS. As on AWS, requests with a certificate that the trust
 * store does not trust, or that has expired, get 403. Connections without a certificate are closed: AWS
 * requires one, and does not document what happens.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
 */
export function createMutualTlsServer(options: MutualTlsServerOptions) {
  const { domain, tls, serve, log } = options;
  const { domainName } = domain;
  const { key, cert, trustStore } = tls;
  const settings = {
    key,
    cert,
    ...clientVerification(trustStore),
    minVersion: 'TLSv1.2',
    maxHeaderSize: MAX_HEAD_BYTES,
  } as const;
  const server = createServer(settings, (message, response) => {
    const client = verifiedClient(message.socket as TLSSocket);
    if (client === 'absent') {
      log(`access denied at ${domainName}: no client certificate`);
      return void message.socket.destroy();
    }
    if (client !== 'trusted') {
      log(`access denied at ${domainName}: ${client.untrusted}`);
      return forbid(response);
    }
    const mapping = domain.mappings.find(({ prefix }) => isBelow(message.url ?? '/', prefix));
    if (mapping === undefined) return forbid(response);
    serve(mapping.api, { domainName, prefix: mapping.prefix }, message, response);
  });
  return {
    domainName,
    /** @throws PortTakenError */
    async listen(port: PortChoice): Promise<URL> {
      return new URL(`https://127.0.0.1:${(await listen(server, port)).port}`);
    },
    close: () => close(server),
  };
}

function isBelow(target: string, prefix: string): boolean {
  return target === prefix || ['/', '?'].some((next) => target.startsWith(`${prefix}${next}`));
}

function forbid(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}');
}
