import { checkCredentials } from '../../../doctor/checks/credentials';
import type { ClientAuthentication } from '../../../lambda/core/client-credentials';
import { parseClientCredentials } from '../../../lambda/core/client-credentials';
import { createCertificateAuthority } from '../../support/certificates';

const STRONG = 'x'.repeat(32);
const POST: ClientAuthentication = { method: 'client_secret_post' };

function check(authentication: ClientAuthentication, members: object) {
  const text = JSON.stringify({ client_id: 'gateway', ...members });
  const credentials = parseClientCredentials(text, authentication.method);
  return checkCredentials(credentials, authentication, Date.now() / 1000);
}

test('a strong secret has no finding but ok', async () => {
  expect(await check(POST, { client_secret: STRONG })).toEqual([
    { status: 'ok', message: 'complete for client_secret_post' },
  ]);
});

test('a space around a secret is a warning', async () => {
  expect(await check(POST, { client_secret: `${STRONG} ` })).toContainEqual(
    expect.objectContaining({
      status: 'warn',
      message: 'client_secret begins or ends with white space',
    }),
  );
});

test('a short secret without cache_key is a warning', async () => {
  const weak = expect.objectContaining({
    status: 'warn',
    advice: expect.stringContaining('cache_key'),
  });

  expect(await check(POST, { client_secret: 'short' })).toContainEqual(weak);
  expect(await check(POST, { client_secret: 'short', cache_key: STRONG })).not.toContainEqual(weak);
});

test('a private key that cannot sign is a fault that does not quote it', async () => {
  const findings = await check(
    { method: 'private_key_jwt', audience: 'a', algorithm: undefined },
    { private_key: 'Sesame-7f3a' },
  );

  expect(findings).toEqual([expect.objectContaining({ status: 'fault' })]);
  expect(JSON.stringify(findings)).not.toContain('Sesame');
});

test('a client certificate is checked with its key and for its expiry', async () => {
  const authority = await createCertificateAuthority();
  const mutual: ClientAuthentication = { method: 'tls_client_auth' };
  const statuses = async ({ cert, key }: { cert: string; key: string }) =>
    (await check(mutual, { certificate: cert, private_key: key })).map(
      ({ status, message }) => `${status}: ${message}`,
    );
  const good = await authority.client('CN=gateway');
  const other = await authority.client('CN=gateway');

  expect(await statuses(good)).toContain('warn: the client certificate expires in 0 days');
  expect(await statuses(await authority.client('CN=gateway', { expired: true }))).toContain(
    'fault: the client certificate has expired',
  );
  expect(await statuses({ ...good, key: other.key })).toContain(
    'fault: the client certificate and its key cannot be used together',
  );
});
