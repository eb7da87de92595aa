import { readFileSync } from 'node:fs';
import type { TestAuthorizationServer } from '../support/authorization-server';
import { startTestAuthorizationServer } from '../support/authorization-server';
import { callCommand } from '../support/called-command';
import { configDirectory } from '../support/doctor';
import { runCommand } from '../support/local-command';

const files = configDirectory();

let server: TestAuthorizationServer;

beforeAll(async () => {
  server = await startTestAuthorizationServer();
});

afterAll(() => server.close());

test('init writes a config that doctor finds no fault in', async () => {
  const file = files.path('config.json');
  const issuer = `${server.issuer}/`;
  const upstream = server.jwksUri;
  const args = ['--issuer', issuer, '--upstream', upstream, '--output', file];
  const init = await callCommand(['init', ...args, '--audience', 'api.local']);

  expect(init.status).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    $schema: expect.stringMatching(/config\.schema\.json$/),
    introspection: { endpoint: server.introspectionEndpoint },
    token: { issuer: server.issuer, audience: 'api.local', jwksUri: server.jwksUri },
    api: { upstream },
  });
  expect(init.stdout).toContain(`The issuer is ${server.issuer}, as the server has it.`);
  expect(init.stdout).toContain('npm run -s doctor -- --config');

  const again = await callCommand(['init', ...args]);
  expect(again.status).toBe(2);
  expect(again.stderr).toContain('use --force to replace it');

  const credentials = {
    INTROSPECTION_CLIENT_ID: server.gateway.clientId,
    INTROSPECTION_CLIENT_SECRET: server.gateway.clientSecret,
  };
  const token = `${await server.accessToken('shop', 'read')}\n`;
  const options = ['--config', file, '--token-file', '-', '--json'];
  const doctor = runCommand('doctor', options, credentials, token);

  expect(await doctor.ended()).toBe(0);
  const { checks } = JSON.parse(doctor.stdout());
  expect(checks.map(({ name }: { name: string }) => name)).toEqual([
    ...['config', 'credentials', 'network', 'clock', 'discovery'],
    ...['introspection', 'keys', 'upstream', 'token'],
  ]);
  expect(doctor.stderr()).toBe('');
});

test('doctor reports every fault of a config in a table without colors and exits with 1', async () => {
  const file = files.write({
    introspection: { endpont: 'https://login.example.com/introspect' },
    api: { upstream: 'ftp://orders' },
  });
  const { status, stdout } = await callCommand(['doctor', '--config', file]);

  expect(status).toBe(1);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'introspection.endpont: is not a known key; did you mean introspection.endpoint?',
  );
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toMatch(/^fault {2}config .*\n1 fault\n$/s);
});

test.each([
  ['doctor', ['--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
  [
    'doctor',
    ['--config', 'c.json', '--token-file', 'missing'],
    '--token-file must name a readable',
  ],
  ['init', ['--upstream', 'https://orders.example.com'], '--issuer is required without a terminal'],
] as const)('%s %j exits with 2 and names --help', async (name, args, sentence) => {
  const { status, stderr, stdout } = await callCommand([name, ...args]);

  expect(status).toBe(2);
  expect(stderr).toContain(sentence);
  expect(stderr).toMatch(/^\(options: npm run (-s )?\w+ -- --help\)$/m);
  expect(stdout).toBe('');
});
