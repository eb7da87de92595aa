import { type Deployment, SIGNING_SECRET_ARN, startDeployment } from '../support/deployment';
import { signingSecret } from '../support/minting';
import { captureOutput } from '../support/output';
import { deserted } from '../support/stub-server';

let deployment: Deployment;
let output: ReturnType<typeof captureOutput>;

beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.close());
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());

interface Found {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly advice?: string;
}

/** Invokes the function with the event of a check. */
async function check(environment: Record<string, string> = {}) {
  const handle = deployment.start(environment) as (event: unknown, context: unknown) => unknown;
  const { checks } = (await handle({ type: 'CHECK' }, {})) as { checks: readonly Found[] };
  expect(deployment.confidentialIn(JSON.stringify(checks))).toEqual([]);
  return checks;
}
const at = (path: string) => new URL(path, deployment.authorizationServer.url).href;

test('a check event has a deployed function check secret, endpoint, keys and token cache', async () => {
  const checks = await check({ TOKEN_JWKS_URI: at('/jwks') });

  expect(checks.map(({ name, status }) => [name, status])).toEqual([
    ['credentials', expect.stringMatching(/^(ok|warn)$/)],
    ['introspection', 'ok'],
    ['keys', 'ok'],
    ['token_cache', 'ok'],
  ]);
});

test('each system that fails is reported with its own advice', async () => {
  const nowhere = (await deserted()).href;
  const checks = await check({
    INTROSPECTION_ENDPOINT: nowhere,
    TOKEN_JWKS_URI: at('/missing'),
    TOKEN_CACHE_TABLE: 'nowhere',
  });

  expect(checks).toMatchObject([
    { name: 'credentials' },
    {
      name: 'introspection',
      status: 'fault',
      message: expect.stringContaining('introspection_unreachable'),
      advice: expect.stringContaining('introspection.endpoint'),
    },
    {
      name: 'keys',
      status: 'fault',
      message: expect.stringContaining('the response has status 401'),
    },
    { name: 'token_cache', status: 'warn', advice: expect.stringContaining('gateway endpoint') },
  ]);
});

test('a secret that cannot be read is a fault of both checks that need it', async () => {
  const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:missing-AbCdEf';
  const [credentials, introspection, keys] = await check({
    INTROSPECTION_CREDENTIALS_SECRET_ARN: secret,
  });

  for (const found of [credentials, introspection]) {
    expect(found).toMatchObject({
      status: 'fault',
      message: expect.stringContaining('credentials_unavailable'),
      advice: expect.stringContaining('CredentialsSecretArn'),
    });
  }
  expect(keys).toMatchObject({ status: 'info', message: 'token.jwksUri is not set' });
});

test('a check event has a deployed function that mints check its introspection', async () => {
  deployment.setSigningSecret(signingSecret());
  const rules = { response: 'json', issuer: 'https://api.example.com', audience: ['orders'] };
  const [, introspection] = await check({
    INTROSPECTION_ENDPOINT: at('/plain'),
    INTROSPECTION_ACCEPT: 'application/json',
    TOKEN_UNTYPED: 'refuse',
    TOKEN_MINT: JSON.stringify({ ...rules, lifetimeSeconds: 420, claims: {} }),
    SIGNING_KEYS_SECRET_ARN: SIGNING_SECRET_ARN,
  });

  expect(introspection).toEqual({
    name: 'introspection',
    status: 'ok',
    message: 'a made-up token is inactive',
  });
});

test('a secret that is too short to seal the token cache is a warning of the check', async () => {
  const secret = { client_id: 'gateway', client_secret: 'x'.repeat(31) };
  deployment.setSecret(JSON.stringify(secret));
  try {
    const [credentials] = await check();

    expect(credentials).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('fewer than 32 characters'),
    });
  } finally {
    deployment.rotateSecret();
  }
});

test('a server that calls a made-up token active is a fault of the check', async () => {
  const { jwt } = await deployment.issue();
  deployment.authorizationServer.answer((response) => {
    response.writeHead(200, { 'content-type': 'application/jwt' }).end(jwt);
  });
  const [, introspection] = await check();

  expect(introspection).toMatchObject({
    status: 'fault',
    message: 'the server calls a made-up token active',
    advice: 'Check introspection.endpoint.',
  });
});
