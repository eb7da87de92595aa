import type { Server } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { postForm } from '../../../local/authorization-server/post-form';
import { close, listen } from '../../../local/http-server';
import { createHttpServer } from '../../../local/tls/https-server';
import { startTestAuthorizationServer } from '../../support/authorization-server';
import { type CertificateAuthority, createCertificateAuthority } from '../../support/certificates';

let authority: CertificateAuthority;
let server: Server | undefined;

beforeAll(async () => {
  authority = await createCertificateAuthority();
});
afterEach(() => server && close(server));

/** Starts a server that responds whether the client certificate is trusted. */
const start = async (tls: Parameters<typeof createHttpServer>[0], host = '127.0.0.1') => {
  server = createHttpServer(tls);
  server.on('request', ({ socket }, response) => {
    response.end(String((socket as TLSSocket).authorized));
  });
  return `https://${host}:${(await listen(server)).port}/`;
};
const post = (url: string, tls: object = {}) =>
  postForm(url, { form: {}, tls: { ca: authority.cert, ...tls } });

describe('https', () => {
  it.each(['127.0.0.1', 'localhost'])('serves https with a certificate for %s', async (host) => {
    const url = await start(await authority.server([host]), host);

    expect((await post(url)).status).toBe(200);
  });

  it.each([
    ['of another host', 'ERR_TLS_CERT_ALTNAME_INVALID', () => authority.server(['localhost'])],
    [
      'that has expired',
      'CERT_HAS_EXPIRED',
      () => authority.server(['127.0.0.1'], { expired: true }),
    ],
    [
      'of an authority that the client does not trust',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      async () => (await createCertificateAuthority()).server(['127.0.0.1']),
    ],
  ])('clients reject a server certificate %s', async (_, code, certificate) => {
    const url = await start(await certificate());

    await expect(post(url)).rejects.toMatchObject({ code });
  });

  it('requests client certificates with clientCa and does not require them', async () => {
    const clientCa = authority.cert;
    const url = await start({ ...(await authority.server(['127.0.0.1'])), clientCa });
    const stranger = (await createCertificateAuthority()).client('CN=gateway');

    expect((await post(url, await authority.client('CN=gateway'))).body).toBe('true');
    expect((await post(url)).body).toBe('false');
    expect((await post(url, await stranger)).body).toBe('false');
  });

  it('issuer and endpoints are https URLs with the configured host', async () => {
    const tls = await authority.server(['localhost']);
    const it = await startTestAuthorizationServer({
      tls,
      host: 'localhost',
      ca: authority.cert,
    });

    expect(it.issuer).toMatch(/^https:\/\/localhost:\d+$/);
    for (const endpoint of [it.introspectionEndpoint, it.tokenEndpoint, it.jwksUri]) {
      expect(endpoint.startsWith(`${it.issuer}/`)).toBe(true);
    }
    expect(await it.accessToken('shop')).toMatch(/^[\w-]{20,}$/);
    await it.close();
  });
});
