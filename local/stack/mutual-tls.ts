import type { Closable } from '../closable';
import { type MutualTlsDomain, mutualTlsDomains } from '../gateway/definition/mutual-tls-domains';
import { createMutualTlsServer, type MutualTls } from '../gateway/mutual-tls-server';
import type { PortChoice } from '../http-server';
import type { ResolvedTemplate } from '../template/resolve';
import type { Certificate } from '../tls/certificate-authority';
import { createDevelopmentCertificates } from '../tls/development-certificates';
import type { NamedServer } from './api-servers';

/** Certificates of local mode. */
export interface MutualTlsOptions {
  /**
   * Trust store for client certificates, as PEM. With it, APIs are served with mutual TLS even if the stack has no
   * such domain name. Default: an authority for this run.
   */
  readonly trustStore?: string;
  /** Server certificate. Default: one for loopback and the domain names, by an authority for this run. */
  readonly server?: Certificate;
}

/** Base URL at which clients call an API with a certificate. */
export interface MutualTlsEndpoint {
  readonly domainName: string;
  /** Local URL, with the base path. */
  readonly url: URL;
}

/** Domain names with mutual TLS on this machine. */
export interface LocalMutualTls {
  readonly endpoints: readonly MutualTlsEndpoint[];
  readonly tls: MutualTls;
  /** Directory with the certificates that were made for this run; absent if all of them were given. */
  readonly directory?: string;
}

/** Domain name of an API whose own one is not declared in the stack. */
const UNDECLARED = 'localhost';

/**
 * Serves the domain names with mutual TLS of a stack.
 *
 * @param port returns the port of a domain name
 * @param started receives the parts to close, in the order of their start
 * @returns `undefined` if the stack has none, and there is no trust store
 */
export async function serveMutualTls(
  {
    template,
    apis,
  }: { readonly template: ResolvedTemplate; readonly apis: readonly NamedServer[] },
  { trustStore, server }: MutualTlsOptions,
  { port, log }: { port(index: number): PortChoice; readonly log: (line: string) => void },
  started: Closable[],
): Promise<LocalMutualTls | undefined> {
  const stages = apis.map((it) => ({ api: it.logicalId, stage: it.server.stage }));
  const declared = mutualTlsDomains(template, stages);
  const domains = declared.length > 0 || !trustStore ? declared : undeclaredDomains(apis);
  if (domains.length === 0) return undefined;
  const names = domains.map(({ domainName }) => domainName);
  const made =
    trustStore && server ? undefined : await createDevelopmentCertificates([...new Set(names)]);
  if (made) started.push({ close: made.remove });
  const { key = '', cert = '' } = server ?? made?.server ?? {};
  const tls = { key, cert, trustStore: trustStore ?? made?.authority ?? '' };
  const servers = new Map(apis.map((it) => [it.logicalId, it.server]));
  const endpoints: MutualTlsEndpoint[] = [];
  for (const [index, domain] of domains.entries()) {
    const gateway = createMutualTlsServer({
      ...{ domain, tls, log },
      serve: (api, endpoint, message, response) =>
        servers.get(api)?.serve(message, response, endpoint),
    });
    started.push(gateway);
    const origin = await gateway.listen(port(index));
    for (const { prefix } of domain.mappings) {
      endpoints.push({ domainName: domain.domainName, url: new URL(prefix, origin) });
    }
  }
  return {
    ...{ endpoints, tls },
    ...(made && { directory: made.directory }),
  };
}

function undeclaredDomains(apis: readonly NamedServer[]): readonly MutualTlsDomain[] {
  return apis.map(({ logicalId }) => ({
    domainName: UNDECLARED,
    mappings: [{ api: logicalId, prefix: '' }],
  }));
}
