import { X509Certificate } from 'node:crypto';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect } from 'node:tls';
import type { MutualTlsDomain } from '../../../local/gateway/definition/mutual-tls-domains';
import type { Invoke } from '../../../local/gateway/integrations/lambda/invoke';
import { createMutualTlsServer } from '../../../local/gateway/mutual-tls-server';
import type { ApiServer } from '../../../local/gateway/server';
import {
  type Certificate,
  type CertificateAuthority,
  createCertificateAuthority,
} from '../../support/certificates';
import { result, serveWith } from './support/authorizer';
import { httpAuthorizer, httpStage, protectedBy, serveHttpProxy } from './support/http-template';

const DOMAIN = 'api.example.com';
const allow: Invoke = async () => result('Allow');

let authority: CertificateAuthority;
let server: Certificate;
let client: Certificate;

beforeAll(async () => {
  authority = await createCertificateAuthority();
  server = await authority.server(['127.0.0.1']);
  client = await authority.client('CN=My Client,O=Example,C=US');
});

/** Serves an API at a domain name with mutual TLS, and returns how to call it. */
async function withMutualTls(
  gateway: ApiServer,
  prefixes: readonly string[],
  use: (
    call: (path: string, certificate?: Certificate) => Promise<Response>,
    url: URL,
  ) => Promise<void>,
  log: string[] = [],
): Promise<void> {
  const domain: MutualTlsDomain = {
    domainName: DOMAIN,
    mappings: prefixes.map((prefix) => ({ api: 'Api', prefix })),
  };
  const endpoint = createMutualTlsServer({
    domain,
    tls: { ...server, trustStore: authority.cert },
    serve: (_, at, message, response) => gateway.serve(message, response, at),
    log: (line) => log.push(line),
  });
  const url = await endpoint.listen(0);
  try {
    await use((path, certificate) => get(new URL(path, url), certificate), url);
  } finally {
    await endpoint.close();
  }
}

interface Response {
  readonly status: number | undefined;
  readonly body: string;
}

function get(url: URL, certificate?: Certificate): Promise<Response> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer opaque' };
    https
      .get(url, { ca: authority.cert, agent: false, headers, ...certificate }, (response) => {
        text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
      })
      .on('error', reject);
  });
}

/** Sends a text over a new connection, and returns what was received and the session that could be resumed. */
function exchange(sent: string, options: ConnectionOptions) {
  return new Promise<{ isResumed: boolean; received: string }>((resolve) => {
    const result = { isResumed: false, received: '' };
    const socket = connect(options, () => {
      result.isResumed = socket.isSessionReused();
      socket.write(sent);
    });
    socket
      .on('session', (session) => Object.assign(result, { session }))
      .on('data', (data) => {
        result.received += data;
      })
      .on('error', () => undefined)
      .on('close', () => resolve(result));
  });
}

const clientCertOf = ({ cert }: Certificate) => {
  const { validFrom, validTo, serialNumber, issuer } = new X509Certificate(cert);
  return {
    clientCertPem: new X509Certificate(cert).toString(),
    subjectDN: 'C=US,O=Example,CN=My Client',
    issuerDN: issuer,
    serialNumber: serialNumber.toLowerCase().match(/../g)?.join(':'),
    validity: { notBefore: validFrom, notAfter: validTo },
  };
};

describe('a REST API at a domain name with mutual TLS', () => {
  it('a REST API at a domain name with mutual TLS passes the client certificate and the path as sent to the authorizer', async () => {
    const { gateway, invocation } = await serveWith(allow);

    await withMutualTls(gateway, ['/base'], async (call) => {
      expect(await call('/base/orders/1?a=b', client)).toEqual({ status: 200, body: 'order' });
    });
    expect(invocation.mock.calls[0]?.[1]).toMatchObject({
      resource: '/orders/{id}',
      path: '/base/orders/1',
      methodArn: expect.stringMatching(/\/v1\/GET\/orders\/1$/),
      headers: { 'X-Forwarded-Proto': 'https' },
      requestContext: {
        domainName: DOMAIN,
        domainPrefix: 'api',
        path: '/base/orders/1',
        stage: 'v1',
        identity: { clientCert: clientCertOf(client) },
      },
    });
  });

  it('a REST API at a domain name with mutual TLS has neither certificate nor base path at the default endpoint', async () => {
    const { url, invocation } = await serveWith(allow);
    await fetch(new URL('/orders/1', url), { headers: { authorization: 'Bearer opaque' } });

    const event = invocation.mock.calls[0]?.[1] as { requestContext: { identity: object } };
    expect(event).toMatchObject({
      path: '/orders/1',
      headers: { 'X-Forwarded-Proto': 'http' },
      requestContext: { path: '/v1/orders/1', domainName: expect.stringMatching(/execute-api/) },
    });
    expect(event.requestContext.identity).not.toHaveProperty('clientCert');
  });

  it('a REST API at a domain name with mutual TLS is found by the first prefix of the path, else the response is 403', async () => {
    const { gateway } = await serveWith(allow);

    await withMutualTls(gateway, ['/base/v1', '/base'], async (call) => {
      expect((await call('/base/v1/orders', client)).body).toBe('orders');
      expect((await call('/base/orders', client)).body).toBe('orders');
      for (const path of ['/orders', '/', '/basement/orders']) {
        expect(await call(path, client)).toEqual({ status: 403, body: '{"message":"Forbidden"}' });
      }
    });
  });

  it('a REST API at a domain name with mutual TLS refuses certificates of other authorities, expired ones and connections without one', async () => {
    const { gateway, invocation } = await serveWith(allow);
    const stranger = await (await createCertificateAuthority()).client('CN=My Client');
    const expired = await authority.client('CN=My Client', { expired: true });
    const log: string[] = [];

    await withMutualTls(
      gateway,
      [''],
      async (call) => {
        for (const certificate of [stranger, expired]) {
          expect(await call('/orders', certificate)).toEqual({
            status: 403,
            body: '{"message":"Forbidden"}',
          });
        }
        await expect(call('/orders')).rejects.toThrow(/socket hang up|ECONNRESET/);
        expect((await call('/orders', client)).status).toBe(200);
      },
      log,
    );
    expect(invocation).toHaveBeenCalledTimes(1);
    expect(log).toEqual([
      `access denied at ${DOMAIN}: UNABLE_TO_VERIFY_LEAF_SIGNATURE`,
      `access denied at ${DOMAIN}: CERT_HAS_EXPIRED`,
      `access denied at ${DOMAIN}: no client certificate`,
    ]);
  });

  it.each([
    ['TLSv1.2', 'no certificate', false],
    ['TLSv1.3', 'no certificate', false],
    ['TLSv1.2', 'a trusted certificate', true],
    ['TLSv1.3', 'a trusted certificate', true],
  ] as const)(
    'a REST API at a domain name with mutual TLS resumes no %s session of a client with %s',
    async (version, _, isTrusted) => {
      const { gateway, invocation } = await serveWith(allow);

      await withMutualTls(gateway, [''], async (_call, { hostname, port }) => {
        const at = { host: hostname, port: Number(port), ca: authority.cert, maxVersion: version };
        // The server responds to a malformed request without looking at the certificate.
        const first = await exchange('x\r\n\r\n', { ...at, ...(isTrusted && client) });
        const request = 'GET /orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
        const second = await exchange(request, { ...at, ...first });

        expect(first.received).toMatch(/^HTTP\/1.1 400/);
        expect(second).toMatchObject({ isResumed: false, received: '' });
      });
      expect(invocation).not.toHaveBeenCalled();
    },
  );
});

describe('an HTTP API at a domain name with mutual TLS', () => {
  it.each([
    ['2.0', {}, { authentication: { clientCert: true } }],
    [
      '1.0',
      { AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: false },
      { identity: { clientCert: true } },
    ],
  ])(
    'an HTTP API at a domain name with mutual TLS passes the client certificate to authorizers in format %s',
    async (_, properties, at) => {
      const invoke = jest.fn(async (_arn: string, _event: unknown) => ({ payload: null }));
      const { gateway } = await serveHttpProxy({
        routes: { 'GET /orders/{id}': protectedBy },
        uri: '/',
        extra: {
          Authorizer: httpAuthorizer(properties),
          Stage: httpStage({ StageName: 'v1' }),
        },
        options: { invoke },
      });

      await withMutualTls(gateway, ['/base'], async (call) => {
        await call('/base/orders/1', client);
      });

      const [, event] = invoke.mock.calls[0] ?? [];
      const { requestContext, path, rawPath } = event as {
        requestContext: Record<string, Record<string, object>>;
        path?: string;
        rawPath?: string;
      };
      const [[member = '']] = Object.entries(at) as [[string, unknown]];
      expect(requestContext[member]).toMatchObject({ clientCert: clientCertOf(client) });
      expect(requestContext).toMatchObject({
        domainName: DOMAIN,
        domainPrefix: 'api',
        stage: 'v1',
      });
      // The mapping key is not in the path, but the stage is.
      expect(path ?? rawPath).toBe('/v1/orders/1');
      expect(JSON.stringify(requestContext).match(/clientCertPem/g)).toHaveLength(1);
    },
  );
});
