import { type Deployment, startDeployment } from '../support/deployment';
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
  for (const text of deployment.confidential) expect(JSON.stringify(checks)).not.toContain(text);
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
