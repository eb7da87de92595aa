import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHttpClient, type TlsOptions } from '../../../../lambda/io/http/client';
import {
  type Certificate,
  type CertificateAuthority,
  createCertificateAuthority,
} from '../../../support/certificates';
import { ROOT } from '../../../support/root';
import { type StubServer, startStubServer } from '../../../support/stub-server';

let ours: CertificateAuthority;
let others: CertificateAuthority;
beforeAll(async () => {
  [ours, others] = [await createCertificateAuthority(), await createCertificateAuthority()];
});

const servers: StubServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(certificate: Certificate, more: object = {}): Promise<StubServer> {
  const answer = (response: { end(text: string): void }) => response.end('answer');
  const server = await startStubServer('/introspect', answer, { ...certificate, ...more });
  servers.push(server);
  return server;
}
const post = (url: URL, tls: TlsOptions) =>
  createHttpClient(tls)(url, {
    method: 'POST',
    headers: { authorization: 'Basic c2VjcmV0' },
    body: 'token=abc',
    signal: AbortSignal.timeout(5000),
  });

describe('createHttpClient over TLS', () => {
  it('trusts a server with a certificate of an authority in the bundle', async () => {
    const server = await serve(await ours.server(['127.0.0.1']));

    for (const ca of [ours.cert, `${others.cert}\n${ours.cert}`]) {
      expect((await post(server.url, { ca })).body.toString()).toBe('answer');
    }
  });

  it.each([
    ['for another host', 'ERR_TLS_CERT_ALTNAME_INVALID', () => ours.server(['login.example.com'])],
    ['for another address', 'ERR_TLS_CERT_ALTNAME_INVALID', () => ours.server(['127.0.0.2'])],
    ['that has expired', 'CERT_HAS_EXPIRED', () => ours.server(['127.0.0.1'], { expired: true })],
    [
      'of an authority that is not in the bundle',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      () => others.server(['127.0.0.1']),
    ],
    ['that is for clients', 'INVALID_PURPOSE', () => ours.client('CN=127.0.0.1')],
  ])('sends nothing to a server with a certificate %s', async (_, code, certificate) => {
    const server = await serve(await certificate());

    await expect(post(server.url, { ca: ours.cert })).rejects.toMatchObject({ code });
    expect(server.requests).toHaveLength(0);
  });

  it('trusts no unknown authority without a bundle', async () => {
    const server = await serve(await ours.server(['127.0.0.1']));

    await expect(post(server.url, {})).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    expect(server.requests).toHaveLength(0);
  });

  it('refuses a server without TLS', async () => {
    const plain = await startStubServer('/', (response) => void response.end('answer'));
    servers.push(plain);
    const url = new URL(plain.url);
    url.protocol = 'https:';

    await expect(post(url, { ca: ours.cert })).rejects.toMatchObject({
      code: expect.stringMatching(/^(EPROTO|ERR_SSL_.*)$/),
    });
    expect(plain.requests).toHaveLength(0);
  });

  it('presents its own certificate to a server that requests one', async () => {
    const mutual = { requestCert: true, rejectUnauthorized: true, ca: ours.cert };
    const server = await serve(await ours.server(['127.0.0.1']), mutual);

    await post(server.url, { ca: ours.cert, ...(await ours.client('CN=gateway')) });
    await expect(post(server.url, { ca: ours.cert })).rejects.toThrow();
    await expect(
      post(server.url, { ca: ours.cert, ...(await others.client('CN=gateway')) }),
    ).rejects.toThrow();

    expect(server.requests.map(({ clientName }) => clientName)).toEqual(['gateway']);
  });

  it('keeps its TLS connection for the next request', async () => {
    const server = await serve(await ours.server(['127.0.0.1']));
    const send = createHttpClient({ ca: ours.cert });
    for (const body of ['a', 'b']) {
      await send(server.url, {
        method: 'POST',
        headers: {},
        body,
        signal: AbortSignal.timeout(5000),
      });
    }

    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('verifies certificates also if Node.js is configured not to', async () => {
    const server = await serve(await ours.server(['127.0.0.1']));
    const script = `
      const { createHttpClient } = require(${JSON.stringify(join(ROOT, 'lambda/io/http/client.ts'))});
      const signal = AbortSignal.timeout(5000);
      createHttpClient()(new URL(${JSON.stringify(server.url.href)}), { method: 'GET', headers: {}, signal })
        .then(({ status }) => console.log(String(status)), ({ code }) => console.log(code));
    `;
    const args = ['--require', 'tsx/cjs', '-e', script];
    const env = { PATH: process.env['PATH'], NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });

    expect(stdout.trim()).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(server.requests).toHaveLength(0);
  });
});
