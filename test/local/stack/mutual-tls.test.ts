import { existsSync, readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import type { ApiServer } from '../../../local/gateway/server';
import { serveMutualTls } from '../../../local/stack/mutual-tls';
import { resolveTemplate } from '../../../local/template/resolve';
import { createCertificateAuthority } from '../../support/certificates';

const api = { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'Api' } };
const domain = {
  Type: 'AWS::ApiGateway::DomainName',
  Properties: {
    DomainName: 'api.example.com',
    MutualTlsAuthentication: { TruststoreUri: 's3://trust/ca.pem' },
  },
};
const mapping = {
  Type: 'AWS::ApiGateway::BasePathMapping',
  Properties: {
    DomainName: { Ref: 'Domain' },
    RestApiId: { Ref: 'Api' },
    BasePath: 'v1',
    Stage: 'prod',
  },
};

const closers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const closer of closers.splice(0).reverse()) await closer.close();
});

/** Serves an API that responds with its endpoint. */
function serve(
  resources: object,
  options: Parameters<typeof serveMutualTls>[1] = {},
): ReturnType<typeof serveMutualTls> {
  const server = {
    stage: 'prod',
    serve: (_message, response, endpoint) => response.end(JSON.stringify(endpoint)),
  } as Partial<ApiServer> as ApiServer;
  const Resources = { Api: api, ...resources };
  const template = resolveTemplate({ Resources }, { stackName: 'Stack' });
  const apis = [{ logicalId: 'Api', server }];
  return serveMutualTls({ template, apis }, options, { port: () => 0, log: () => {} }, closers);
}

function call(url: URL, tls: object): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, ...tls }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

describe('the domain names with mutual TLS of a stack', () => {
  it('the domain names with mutual TLS of a stack are served with certificates for this run, which are deleted afterwards', async () => {
    const served = await serve({ Domain: domain, Mapping: mapping });
    const { endpoints: [endpoint] = [], directory = '' } = served ?? {};
    const read = (name: string) => readFileSync(join(directory, name), 'utf8');

    expect(endpoint?.domainName).toBe('api.example.com');
    expect(endpoint?.url.href).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/v1$/);
    for (const client of ['client', 'other-client']) {
      const tls = { cert: read(`${client}.pem`), key: read(`${client}-key.pem`) };
      const ca = read('ca.pem');
      expect(await call(new URL('/v1/orders', endpoint?.url), { ca, ...tls })).toBe(200);
      // The certificate is also for the domain name.
      const servername = 'api.example.com';
      expect(await call(new URL('/v2', endpoint?.url), { ca, ...tls, servername })).toBe(403);
    }
    for (const closer of closers.splice(0).reverse()) await closer.close();
    expect(existsSync(directory)).toBe(false);
  });

  it('the domain names with mutual TLS of a stack take given certificates, and then none are made', async () => {
    const authority = await createCertificateAuthority();
    const server = await authority.server(['127.0.0.1']);
    const served = await serve(
      { Domain: domain, Mapping: mapping },
      { trustStore: authority.cert, server },
    );
    const { endpoints: [endpoint] = [], directory } = served ?? {};

    expect(directory).toBeUndefined();
    const tls = { ca: authority.cert, ...(await authority.client('CN=client')) };
    expect(await call(new URL('/v1', endpoint?.url), tls)).toBe(200);
  });

  it('the domain names with mutual TLS of a stack are those of each API at its root if the stack declares none and there is a trust store', async () => {
    const { cert } = await createCertificateAuthority();
    const served = await serve({}, { trustStore: cert });

    expect(served?.endpoints).toEqual([
      { domainName: 'localhost', url: expect.objectContaining({ pathname: '/' }) },
    ]);
    expect(served?.directory).toBeDefined();
  });

  it('the domain names with mutual TLS of a stack are not served without a declaration and a trust store', async () => {
    expect(await serve({ Domain: domain })).toBeUndefined();
    expect(closers).toEqual([]);
  });
});
