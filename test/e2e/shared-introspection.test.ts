import { introspectFrom } from '../support/introspect-from';
import { type ServedConfig, serveConfig } from '../support/served-config';
import { type StubServer, startStubServer } from '../support/stub-server';
import { AUDIENCE, createTokenSigner, ISSUER } from '../support/tokens';

const ENVIRONMENTS = 6;

let authorizationServer: StubServer;
let upstream: StubServer;
let local: ServedConfig;
const phantomTokens = new Map<string, string>();

beforeAll(async () => {
  const sign = await createTokenSigner();
  const answer = introspectFrom(phantomTokens);
  authorizationServer = await startStubServer('/introspect', async (response, request) => {
    // As long as a real one takes, so that the requests are under way together.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await answer(response, request);
  });
  upstream = await startStubServer('/', (response) => {
    response.end('upstream');
  });
  for (const accessToken of ['first', 'second', 'third']) {
    const exp = Math.floor(Date.now() / 1000) + 600;
    phantomTokens.set(accessToken, await sign({ jti: accessToken, exp }));
  }
  local = await serveConfig({
    secret: { client_id: 'gateway', client_secret: 'secret' },
    maxEnvironments: ENVIRONMENTS,
    config: {
      introspection: { endpoint: authorizationServer.url.href, timeoutSeconds: 2 },
      token: { issuer: ISSUER, audience: AUDIENCE },
      // A machine under load must not look like a table that is slow.
      cache: { authorizerResultTtlSeconds: 0, timeoutMilliseconds: 1000 },
      api: { upstream: upstream.url.href },
    },
  });
});

afterAll(async () => {
  await Promise.all([local?.close(), authorizationServer?.close(), upstream?.close()]);
});

/** Status codes of so many requests at once. */
async function atOnce(count: number, accessToken: string): Promise<number[]> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const one = async () => (await fetch(new URL('/orders', local.url), { headers })).status;
  return Promise.all(Array.from({ length: count }, one));
}

test.each(['first', 'second', 'third'])(
  'fifty requests at once with the fresh token "%s", over several environments, cost one introspection',
  async (accessToken) => {
    const before = authorizationServer.requests.length;

    expect(await atOnce(50, accessToken)).toEqual(Array.from({ length: 50 }, () => 200));

    expect(authorizationServer.requests.length - before).toBe(1);
  },
);

test('several environments serve the requests with a fresh token', () => {
  const coldStarts = local.log().match(/"ColdStarts":1/g) ?? [];

  expect(coldStarts.length).toBeGreaterThan(1);
  expect(coldStarts.length).toBeLessThanOrEqual(ENVIRONMENTS);
});
