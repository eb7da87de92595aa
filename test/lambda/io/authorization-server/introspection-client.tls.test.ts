import { createServer } from 'node:net';
import type { ClientCredentials } from '../../../../lambda/core/client-credentials';
import {
  type Certificate,
  type CertificateAuthority,
  createCertificateAuthority,
} from '../../../support/certificates';
import { faultWith } from '../../../support/faults';
import { formOf, introspectionClient, status, YES, yes } from '../../../support/introspection';
import { listening, type StubServer, startStubServer, stopped } from '../../../support/stub-server';

let authority: CertificateAuthority;
let server: StubServer;
beforeAll(async () => {
  authority = await createCertificateAuthority();
  server = await startStubServer('/introspect', yes, {
    ...(await authority.server(['127.0.0.1'])),
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: false,
  });
});
beforeEach(() => {
  server.requests.length = 0;
  server.answer(yes);
});
afterAll(() => server.close());

const certificateOf = ({ cert, key }: Certificate): ClientCredentials => ({
  kind: 'certificate',
  clientId: 'gateway',
  secret: key,
  certificate: cert,
  privateKey: key,
});
const client = (known: ClientCredentials, current = known) =>
  introspectionClient({
    endpoint: server.url,
    caBundle: authority.cert,
    clientAuthentication: { method: 'tls_client_auth' },
    known,
    current,
  });
const names = () => server.requests.map(({ clientName }) => clientName);

describe('createIntrospectionClient with mutual TLS', () => {
  it('presents its client certificate, names itself, and keeps the connection', async () => {
    const { introspect } = client(certificateOf(await authority.client('CN=one')));

    expect(await introspect('abc')).toMatchObject(YES);
    expect(await introspect('abc')).toMatchObject(YES);
    expect(names()).toEqual(['one', 'one']);
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(1);
    expect(server.requests.map(formOf)[0]).toEqual([
      ['client_id', 'gateway'],
      ['token', 'abc'],
    ]);
  });

  it('presents the new client certificate, on a new connection, when the secret holds another', async () => {
    const [one, two] = [await authority.client('CN=one'), await authority.client('CN=two')];
    const { introspect, credentials } = client(certificateOf(one));
    await introspect('abc');
    credentials.get.mockResolvedValue(certificateOf(two));
    await introspect('abc');

    expect(names()).toEqual(['one', 'two']);
  });

  it('introspects again on a 401 with a renewed certificate, also for the same key', async () => {
    const one = await authority.client('CN=one');
    const renewed = { ...certificateOf(one), certificate: `${one.cert}\n` } as ClientCredentials;
    server.answer((response, request) =>
      server.requests.length === 1 ? status(401)(response, request) : yes(response, request),
    );

    expect(await client(certificateOf(one), renewed).introspect('abc')).toMatchObject(YES);
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['bad_certificate', 42],
    ['certificate_revoked', 44],
    ['certificate_expired', 45],
    ['certificate_unknown', 46],
    ['unknown_ca', 48],
    ['access_denied', 49],
  ])('rereads the secret once when the server refuses its certificate: %s', async (_, alert) => {
    let connections = 0;
    // A fatal alert. https://www.rfc-editor.org/rfc/rfc8446#section-6
    const refusing = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
    });
    const endpoint = new URL((await listening(refusing)).replace('http:', 'https:'));
    const [one, two] = [await authority.client('CN=one'), await authority.client('CN=two')];
    const { introspect, credentials } = introspectionClient({
      endpoint,
      clientAuthentication: { method: 'tls_client_auth' },
      known: certificateOf(one),
      current: certificateOf(two),
    });

    await expect(introspect('abc')).rejects.toEqual(
      faultWith('introspection_rejected_client', `${endpoint.host} refused our certificate`),
    );
    expect(credentials.reread).toHaveBeenCalledTimes(1);
    expect(connections).toBe(2);
    await stopped(refusing);
  });

  it('recovers when the right key is added to the certificate in the secret', async () => {
    const [one, two] = [await authority.client('CN=one'), await authority.client('CN=two')];
    const { introspect, credentials } = client(certificateOf({ cert: one.cert, key: two.key }));

    await expect(introspect('abc')).rejects.toEqual(
      faultWith('credentials_invalid', 'the certificate and its key cannot be used'),
    );
    credentials.get.mockResolvedValue(certificateOf(one));

    expect(await introspect('abc')).toMatchObject(YES);
  });

  it.each([
    ['certificate', { certificate: 'Sesame-7f3a' }],
    ['key', { privateKey: 'Sesame-7f3a' }],
  ])('blames the secret, not the server, for a malformed %s', async (_, wrong) => {
    const good = certificateOf(await authority.client('CN=one'));
    const { introspect } = client({ ...good, ...wrong } as ClientCredentials);

    const fault = await introspect('abc').catch((error) => error);

    expect(fault).toEqual(faultWith('credentials_invalid', 'the certificate and its key cannot'));
    expect(`${fault}${JSON.stringify(fault)}`).not.toContain('Sesame');
    expect(server.requests).toHaveLength(0);
  });

  it('an untrusted server is a fault, and nothing is sent to it', async () => {
    const untrusted = introspectionClient({ endpoint: server.url });

    await expect(untrusted.introspect('abc')).rejects.toEqual(
      faultWith(
        'introspection_unreachable',
        `the request to ${server.url.host} failed: SELF_SIGNED_CERT_IN_CHAIN`,
      ),
    );
    expect(server.requests).toHaveLength(0);
  });

  it('advises introspection.caBundle for a certificate of a private authority', async () => {
    const untrusted = introspectionClient({ endpoint: server.url });

    await expect(untrusted.introspect('abc')).rejects.toMatchObject({
      advice: expect.stringContaining('introspection.caBundle'),
    });
  });
});
