import { randomUUID } from 'node:crypto';
import { type CryptoKey, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { publicMembers } from '../../../lambda/core/jwk';
import { postForm } from '../../../local/authorization-server/post-form';
import {
  startTestAuthorizationServer,
  type TestAuthorizationServer,
  type TestAuthorizationServerOptions,
} from '../../support/authorization-server';
import { basicAuthorization } from '../../support/basic-authorization';
import { type CertificateAuthority, createCertificateAuthority } from '../../support/certificates';
import { createPrivateJwk } from '../../support/signing-keys';

let server: TestAuthorizationServer;
let token: string;
let authority: CertificateAuthority;

const start = async (options: TestAuthorizationServerOptions) => {
  server = await startTestAuthorizationServer(options);
  token = await server.accessToken('shop', 'read');
};

const introspect = (
  form: Record<string, string>,
  headers: Record<string, string> = {},
  tls: Parameters<typeof postForm>[1]['tls'] = {},
) =>
  postForm(server.introspectionEndpoint, {
    form: { token, ...form },
    headers: { accept: 'application/jwt', ...headers },
    tls: { ca: authority?.cert, ...tls },
  });
const phantomToken = {
  status: 200,
  headers: expect.objectContaining({ 'content-type': 'application/jwt' }),
  body: expect.stringMatching(/^eyJ/),
};
const refusal = {
  status: 401,
  headers: expect.objectContaining({ 'cache-control': 'no-store' }),
  body: expect.stringContaining('"invalid_client"'),
};
const secretInForm = () => ({
  client_id: server.gateway.clientId,
  client_secret: server.gateway.clientSecret,
});

describe('client_secret_post', () => {
  afterEach(() => server.close());

  it('accepts client_secret_post in the form and rejects it in a header', async () => {
    await start({ introspectionClient: { method: 'client_secret_post' } });
    const secret = secretInForm();

    expect(await introspect(secret)).toMatchObject(phantomToken);
    expect(await introspect({ ...secret, client_secret: 'guess' })).toMatchObject(refusal);
    const authorization = basicAuthorization(server.gateway);
    expect(await introspect({}, { authorization })).toMatchObject(refusal);
  });
});

type Algorithm = 'PS256' | 'ES256' | 'RS256' | 'EdDSA';
const ALGORITHMS: Algorithm[] = ['PS256', 'ES256', 'RS256', 'EdDSA'];

/** Starts a server with a client key for each algorithm. Returns a function that signs assertions. */
async function startWithKeys() {
  const privateJwks = {
    PS256: createPrivateJwk('PS256'),
    RS256: createPrivateJwk('RS256'),
    ES256: createPrivateJwk('ES256'),
    EdDSA: createPrivateJwk('EdDSA'),
  };
  const keys = ALGORITHMS.map((alg) => ({ ...publicMembers(privateJwks[alg]), alg, kid: alg }));
  const jwks = { keys: keys as readonly JWK[] };
  await start({ introspectionClient: { method: 'private_key_jwt', jwks } });
  return async (alg: Algorithm, changes: Record<string, unknown> = {}, signer?: CryptoKey) => {
    const { clientId } = server.gateway;
    const usual = { iss: clientId, sub: clientId, aud: server.issuer, exp: now() + 60 };
    const key = signer ?? (await importJWK(privateJwks[alg], alg));
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT({ ...usual, jti: randomUUID(), ...changes })
        .setProtectedHeader({ alg, kid: alg })
        .sign(key),
    };
  };
}
const now = () => Math.floor(Date.now() / 1000);

describe('private_key_jwt', () => {
  let assertion: Awaited<ReturnType<typeof startWithKeys>>;

  beforeAll(async () => {
    assertion = await startWithKeys();
  });
  afterAll(() => server.close());

  it.each(ALGORITHMS)('accepts private_key_jwt signed with %s', async (alg) => {
    expect(await introspect(await assertion(alg))).toMatchObject(phantomToken);
  });

  it('accepts the issuer, the endpoint or the token endpoint as the audience of an assertion', async () => {
    for (const aud of [server.issuer, server.introspectionEndpoint, server.tokenEndpoint]) {
      expect(await introspect(await assertion('ES256', { aud }))).toMatchObject(phantomToken);
    }
    const aud = 'https://elsewhere.example';
    expect(await introspect(await assertion('ES256', { aud }))).toMatchObject(refusal);
  });

  it('rejects an assertion that was used before', async () => {
    const once = await assertion('PS256');

    expect(await introspect(once)).toMatchObject(phantomToken);
    expect(await introspect(once)).toMatchObject(refusal);
  });

  it.each([
    ['an expired assertion', () => assertion('ES256', { exp: now() - 60 })],
    ['an assertion without jti', () => assertion('ES256', { jti: undefined })],
    [
      'an assertion of another key',
      async () => assertion('ES256', {}, (await generateKeyPair('ES256')).privateKey),
    ],
    ['the client secret', async () => secretInForm()],
  ])('rejects private_key_jwt with %s', async (_, form) => {
    expect(await introspect(await form())).toMatchObject(refusal);
  });
});

describe('tls_client_auth', () => {
  beforeAll(async () => {
    authority = await createCertificateAuthority();
    const tls = { ...(await authority.server(['127.0.0.1'])), clientCa: authority.cert };
    const subjectDn = 'CN=gateway,O=Example';
    const introspectionClient = { method: 'tls_client_auth', subjectDn } as const;
    await start({ ca: authority.cert, tls, introspectionClient });
  });
  afterAll(() => server.close());

  it('accepts tls_client_auth with the certificate of the client', async () => {
    const certificate = await authority.client('CN=gateway,O=Example');

    expect(server.issuer).toMatch(/^https:/);
    expect(await introspect({ client_id: 'gateway' }, {}, certificate)).toMatchObject(phantomToken);
  });

  it.each([
    ['no certificate', async () => ({})],
    ['a certificate of another subject', () => authority.client('CN=gateway,O=Other')],
    ['a certificate of fewer parts', () => authority.client('CN=gateway')],
    ['an expired certificate', () => authority.client('CN=gateway,O=Example', { expired: true })],
    ['a server certificate', () => authority.server(['gateway'])],
    [
      'a certificate of another authority',
      async () => (await createCertificateAuthority()).client('CN=gateway,O=Example'),
    ],
  ])('rejects tls_client_auth with %s', async (_, certificate) => {
    const response = await introspect({ client_id: 'gateway' }, {}, await certificate());

    expect(response).toMatchObject(refusal);
  });
});
