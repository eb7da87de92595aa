import { exampleRequests } from '../../../local/cli/example-requests';
import { instructions } from '../../../local/cli/instructions';
import type { RouteSummary } from '../../../local/gateway/definition/route-summary';
import type { Sandbox } from '../../../local/stack/sandbox';

const URL_OF_API = new URL('http://127.0.0.1:8080');
const INSPECTOR = new URL('http://127.0.0.1:9420');
const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Credentials-AbCdEf';

const route = (name: string, authorizer: string | undefined = 'Authorizer-X:1'): RouteSummary => ({
  route: name,
  ...(authorizer && { authorizer }),
  target: 'static response',
});

const sandbox = (routes: readonly RouteSummary[], tokenEndpoint = 'http://127.0.0.1:9400/token') =>
  ({
    authorizationServer: { issuer: 'http://127.0.0.1:9400', tokenEndpoint },
    upstream: { url: new URL('http://127.0.0.1:9410') },
    stack: {
      apis: [{ name: 'Api', url: URL_OF_API, stage: 'prod', routes }],
      outputs: () => ({ TokenCacheTableName: 'Table-Y', ApiUrl: 'https://x.example.com' }),
      credentialsSecrets: [SECRET],
      region: 'us-east-1',
      awsEndpoint: new URL('http://127.0.0.1:9430'),
    },
  }) as unknown as Sandbox;

test('each route has an example with values for its path variables, and preflights have none', () => {
  const routes = [
    'ANY /',
    'ANY /{proxy+}',
    'DELETE /orders/{id}',
    'GET /files/{path+}',
    '$default',
  ];
  const requests = exampleRequests(URL_OF_API, [
    ...routes.map((name) => route(name)),
    route('OPTIONS /orders/{id}', ''),
    route('GET /health', ''),
  ]);

  expect(
    requests.map(({ method, url, isProtected }) => [method, url.slice(21), isProtected]),
  ).toEqual([
    ['GET', '/', true],
    ['GET', '/orders/42', true],
    ['DELETE', '/orders/42', true],
    ['GET', '/files/42', true],
    ['GET', '/health', false],
  ]);
});

test('the instructions have a curl line for each route, with a token where the route takes one', () => {
  const text = instructions(
    sandbox([route('GET /orders/{id}'), route('DELETE /orders/{id}'), route('GET /health', '')]),
    INSPECTOR,
  );

  expect(text).toContain('  TOKEN=$(npm run -s token -- orders-app read)\n');
  expect(text).toContain(
    '  curl -i -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/orders/42\n',
  );
  expect(text).toContain(
    'Other routes:\n\n  curl -i -X DELETE -H "Authorization: Bearer $TOKEN" \\\n    http://127.0.0.1:8080/orders/42\n  curl -i http://127.0.0.1:8080/health\n',
  );
});

test('the instructions have what the AWS CLI takes, by the names of a deployment', () => {
  const text = instructions(sandbox([route('GET /orders/{id}')]), INSPECTOR);

  expect(text).toContain(
    'export AWS_ENDPOINT_URL=http://127.0.0.1:9430 AWS_DEFAULT_REGION=us-east-1\n',
  );
  expect(text).toContain(`  CredentialsSecretArn\n    ${SECRET}\n`);
  expect(text).toMatch(/^ {2}AuthorizerFunctionName +Authorizer-X$/m);
  expect(text).toMatch(/^ {2}TokenCacheTableName +Table-Y$/m);
  expect(text).not.toContain('ApiUrl');
});

test('the instructions name the inspector', () => {
  expect(instructions(sandbox([]), INSPECTOR)).toContain('inspector (a page)');
  expect(instructions(sandbox([]), INSPECTOR)).toContain(' http://127.0.0.1:9420/\n');
});

test('the token commands name the endpoint if it is not the default', () => {
  const text = instructions(
    sandbox([route('GET /orders/{id}')], 'http://127.0.0.1:9401/token'),
    INSPECTOR,
  );

  expect(text).toContain('-- orders-app read \\\n    --endpoint http://127.0.0.1:9401/token)\n');
});

const withMutualTls = (routes: readonly RouteSummary[]): Sandbox => {
  const { stack, ...others } = sandbox(routes);
  const url = new URL('https://127.0.0.1:8081/v1');
  const mutualTls = {
    endpoints: [{ domainName: 'api.example.com', url }],
    tls: { key: '', cert: '', trustStore: '' },
    directory: '/tmp/phantom-token-certificates-AbCdEf',
  };
  const mutualTlsTokenEndpoint = 'https://127.0.0.1:45575/token';
  return { ...others, stack: { ...stack, mutualTls }, mutualTlsTokenEndpoint };
};

test('the instructions for a domain name with mutual TLS have bound tokens, with a certificate and with a proof', () => {
  const text = instructions(withMutualTls([route('GET /orders/{id}')]), INSPECTOR);

  expect(text).toContain('  api.example.com (mutual TLS)  https://127.0.0.1:8081/v1\n');
  expect(text).toContain('  CERTIFICATES=/tmp/phantom-token-certificates-AbCdEf\n');
  expect(text).toContain(
    '-- partner-app read --certificates $CERTIFICATES \\\n    --endpoint https://127.0.0.1:45575/token)\n',
  );
  expect(text).toContain('--cert $CERTIFICATES/client.pem');
  expect(text).toContain('    https://127.0.0.1:8081/v1/orders/42\n');
  expect(text).toContain('    --dpop https://api.example.com/v1/orders/42 \\\n');
  expect(instructions(sandbox([route('GET /orders/{id}')]), INSPECTOR)).not.toContain('--dpop');
});

test('the instructions have at most 80 columns', () => {
  const routes = [route('GET /orders/{id}'), route('PATCH /orders/{id}')];
  const lines = instructions(withMutualTls(routes), INSPECTOR);

  const long = lines.split('\n').filter((line) => line.length > 80 && !line.includes(SECRET));
  expect(long).toEqual([]);
});
