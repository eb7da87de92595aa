import { generateKeyPair, generateProof, type KeyPair } from 'dpop';
import { postForm } from '../../local/authorization-server/post-form';
import {
  startTestAuthorizationServer,
  type TestAuthorizationServer,
} from '../support/authorization-server';
import { basicAuthorization } from '../support/basic-authorization';
import { type ServedConfig, serveConfig } from '../support/served-config';
import { type StubServer, startStubServer } from '../support/stub-server';

// The client calls a custom domain with a base path, which local mode cannot be.
const PUBLIC_URL = 'https://api.example.com/v1';

let authorizationServer: TestAuthorizationServer;
let upstream: StubServer;
const apis = new Map<string, ServedConfig>();
let keys: KeyPair;

beforeAll(async () => {
  authorizationServer = await startTestAuthorizationServer();
  upstream = await startStubServer('/', (response) => {
    response.end('upstream');
  });
  keys = await generateKeyPair('ES256');
  const { gateway, introspectionEndpoint, issuer } = authorizationServer;
  const start = async (type: string) => {
    const api = await serveConfig({
      secret: { client_id: gateway.clientId, client_secret: gateway.clientSecret },
      config: {
        introspection: { endpoint: introspectionEndpoint },
        token: { issuer, audience: 'api.local', senderConstraint: 'accept' },
        // A machine under load must not look like a table that is slow.
        cache: { timeoutMilliseconds: 1000 },
        api: { type, upstream: upstream.url.origin, scopes: ['read'], publicUrls: [PUBLIC_URL] },
      },
      maxEnvironments: 2,
    });
    apis.set(type, api);
  };
  await Promise.all(['REST', 'HTTP'].map(start));
});

afterAll(async () => {
  await Promise.all([...apis.values()].map((api) => api.close()));
  await Promise.all([authorizationServer?.close(), upstream?.close()]);
});

beforeEach(() => {
  upstream.requests.length = 0;
});

/** Requests a token that is bound to the key, from the embedded authorization server. */
async function boundToken(): Promise<string> {
  const { tokenEndpoint, clients } = authorizationServer;
  const { body } = await postForm(tokenEndpoint, {
    form: { grant_type: 'client_credentials', scope: 'read' },
    headers: {
      authorization: basicAuthorization(clients.shop),
      dpop: await generateProof(keys, tokenEndpoint, 'POST'),
    },
  });
  const response = JSON.parse(body);
  expect(response.token_type).toBe('DPoP');
  return response.access_token;
}

function call(type: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(new URL('/orders/1', apis.get(type)?.url), { headers });
}

const proofFor = (accessToken: string, htu = `${PUBLIC_URL}/orders/1`) =>
  generateProof(keys, htu, 'GET', undefined, accessToken);

describe.each(['REST', 'HTTP'])('a %s API', (type) => {
  it(`a ${type} API accepts a DPoP-bound token of oidc-provider with a proof by the library dpop`, async () => {
    const token = await boundToken();
    const proof = await proofFor(token);

    const response = await call(type, { authorization: `DPoP ${token}`, dpop: proof });

    expect([response.status, await response.text()]).toEqual([200, 'upstream']);
    const headers = upstream.requests[0]?.headers;
    const header = type === 'REST' ? 'authorization' : 'x-phantom-token';
    expect(headers?.[header]).toMatch(/eyJ/);
    expect(JSON.stringify(headers)).not.toContain(proof);
  });

  it(`a ${type} API accepts one of 50 concurrent requests with the same proof`, async () => {
    const token = await boundToken();
    const headers = { authorization: `DPoP ${token}`, dpop: await proofFor(token) };

    const responses = await Promise.all(Array.from({ length: 50 }, () => call(type, headers)));

    const statuses = responses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(49);
    expect(upstream.requests).toHaveLength(1);
  });

  it(`a ${type} API denies a bound token as a bearer token, without a proof, and with that of another URL`, async () => {
    const token = await boundToken();
    const elsewhere = await proofFor(token, `${PUBLIC_URL}/orders/2`);

    const responses = await Promise.all([
      call(type, { authorization: `Bearer ${token}` }),
      call(type, { authorization: `DPoP ${token}` }),
      call(type, { authorization: `DPoP ${token}`, dpop: elsewhere }),
    ]);

    expect(responses.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(upstream.requests).toHaveLength(0);
    if (type === 'REST') {
      expect(responses[0]?.headers.get('www-authenticate')).toBe(
        'Bearer realm="api", scope="read", DPoP algs="ES256 EdDSA Ed25519 PS256"',
      );
    }
  });

  it(`a ${type} API accepts a bearer token that is not bound`, async () => {
    const token = await authorizationServer.accessToken('shop', 'read');

    expect((await call(type, { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it(`a ${type} API logs no proof`, () => {
    expect(apis.get(type)?.log()).not.toContain('eyJ');
  });
});
