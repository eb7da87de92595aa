import { hash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { callCommand } from '../support/called-command';
import { type LocalCommand, runLocal, runScript } from '../support/local-command';
import { until } from '../support/until';

const CREDENTIALS = { INTROSPECTION_CLIENT_ID: 'gateway', INTROSPECTION_CLIENT_SECRET: 'hidden' };

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'commands-'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('local mode reports every fault of a config without a stack trace and exits with 1', async () => {
  const config = write('faulty.json', {
    introspection: { endpoint: 'http://login.example.com/introspect', timeoutSeconds: '3' },
    api: { upstream: 'ftp://orders', colour: 'red' },
  });
  const { status, stdout, stderr } = await callCommand(['local', '--config', config], CREDENTIALS);

  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.split('\n')).toEqual([
    `${config} has 4 faults:`,
    '  introspection.endpoint: must be an https: URL (http: is accepted for loopback hosts in local mode only), got: "http://login.example.com/introspect"',
    '  introspection.timeoutSeconds: must be a number greater than 0 and at most 8, got: "3"',
    '  api.upstream: must be an https: URL, got: "ftp://orders"',
    '  api.colour: is not a known key',
    '',
  ]);
});

test('npm run local reports every fault of a config without a stack trace', async () => {
  const command = runScript('local', ['--config', write('bare.json', {})], CREDENTIALS);

  expect(await command.ended()).toBe(1);
  expect(command.stderr()).toMatch(
    /bare\.json has 2 faults:\n {2}introspection: .*\n {2}api: .*\n$/,
  );
});

/** Runs a command on the port of another server, and checks that it exits with one line that says so. */
async function expectPortInUse(args: readonly string[]): Promise<void> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const port = String((other.address() as AddressInfo).port);
  try {
    expect(await callCommand([...args, '--port', port], CREDENTIALS)).toEqual({
      status: 1,
      stdout: '',
      stderr: `port ${port} on 127.0.0.1 is in use\n`,
    });
  } finally {
    other.close();
  }
}

test('npm start reports a port in use before it synthesizes', () => expectPortInUse(['start']));

test('local mode names a missing config file', async () => {
  const missing = join(directory, 'missing.json');
  const { status, stderr } = await callCommand(['local', '--config', missing], CREDENTIALS);

  expect(status).toBe(1);
  expect(stderr).toMatch(/^\S+missing\.json cannot be read: .*\n$/);
});

test.each([
  ['no config', [], 'either --config or --app is required'],
  [
    'both a config and an app',
    ['--config', 'c', '--app', 'a'],
    'either --config or --app, not both',
  ],
  ['a context without a value', ['--app', 'a', '--context', 'x'], '--context must be NAME=VALUE'],
  ['an unknown option', ['--watched'], "unknown option '--watched'\n(Did you mean --watch?)"],
  ['a port over 65535', ['--config', 'c', '--port', '65536'], '--port must be a number from 0 to'],
  ['no environments', ['--config', 'c', '--max-environments', '0'], '--max-environments must be'],
])(
  'local mode reports %s without a stack trace and exits with 2',
  async (_title, args, sentence) => {
    const { status, stderr } = await callCommand(['local', ...args], CREDENTIALS);

    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain('npm run -s local -- --help');
    expect(stderr).not.toMatch(/^\s+at /m);
  },
);

test('local mode reports a port in use in a message without a stack trace', async () => {
  const config = write('audience.json', {
    introspection: { endpoint: 'http://127.0.0.1:9/introspect' },
    token: { audience: 'orders-api' },
    api: { upstream: 'http://127.0.0.1:9' },
  });
  await expectPortInUse(['local', '--config', config]);
});

describe('npm run local with --watch, without credentials and audience', () => {
  const configOf = (scope: unknown) => ({
    introspection: { endpoint: 'http://127.0.0.1:9/introspect' },
    api: { upstream: 'http://127.0.0.1:9', scopes: [scope] },
  });
  let command: LocalCommand;
  let url: URL;

  beforeAll(async () => {
    const config = write('watched.json', configOf('read'));
    command = runScript('local', ['--config', config, '--inspector-port', '0', '--watch'], {
      INTROSPECTION_CLIENT_ID: '',
      INTROSPECTION_CLIENT_SECRET: '',
    });
    url = await command.ready();
  });

  test('local mode prints its URL on standard output, and warnings on standard error', () => {
    expect(command.stdout()).toBe(`ready ${url.origin}\n`);
    expect(command.stderr()).toMatch(
      /^warning: \/PhantomToken\/Api\/Protection: audience .*token\.audience is not set: /m,
    );
    expect(command.stderr()).toContain('are not set. As after a deployment');
  });

  test('local mode prints the URL of its inspector, which responds 200', async () => {
    const [, inspector] = /^inspector (http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(command.stderr()) ?? [];

    expect((await fetch(String(inspector))).status).toBe(200);
  });

  test('local mode without credentials responds 503 to every token', async () => {
    const response = await fetch(url, { headers: { authorization: 'Bearer x' } });

    expect(response.status).toBe(503);
    await printed(command, /^\d\d:\d\d:\d\d GET \/ 503 credentials_invalid {2}.* ms$/m);
  });

  test('a changed config is served on the same port, and the former one if it is faulty', async () => {
    const challenge = async () => (await fetch(url)).headers.get('www-authenticate');
    expect(await challenge()).toContain('scope="read"');

    write('watched.json', configOf('write'));
    await printed(command, /^reloaded$/m);
    expect(await challenge()).toContain('scope="write"');

    write('watched.json', configOf(1));
    await printed(command, /^not reloaded, the former stack is still served: .*watched\.json/m);
    expect(await challenge()).toContain('scope="write"');
  });

  test('local mode closes its servers and exits with 0 within two seconds of SIGINT', async () => {
    const began = performance.now();
    command.process.kill('SIGINT');

    expect(await command.ended()).toBe(0);
    expect(command.stdout()).toBe(`ready ${url.origin}\n`);
    expect(performance.now() - began).toBeLessThan(2000);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});

test('local mode that is stopped during synthesis ends the app, leaves no files, and exits with 0', async () => {
  const own = mkdtempSync(join(directory, 'stopped-'));
  const temporary = join(own, 'temporary');
  mkdirSync(temporary);
  writeFileSync(
    join(own, 'app.cjs'),
    `const { writeFileSync } = require('node:fs');
     process.on('SIGTERM', () => { writeFileSync('ended', ''); process.exit(); });
     setInterval(() => {}, 1000);
     writeFileSync('started', '');`,
  );
  const environment = { ...CREDENTIALS, INIT_CWD: own, TMPDIR: temporary };
  const command = runLocal('main', ['--app', 'node app.cjs; true'], environment);
  await until(() => existsSync(join(own, 'started')));

  command.process.kill('SIGTERM');

  expect(await command.ended()).toBe(0);
  expect(command.stderr()).toBe('');
  expect(existsSync(join(own, 'ended'))).toBe(true);
  expect(readdirSync(temporary).filter((name) => name.startsWith('phantom-token-'))).toEqual([]);
});

test('npm start prints URLs and commands, and exits with 0 within two seconds of SIGTERM', async () => {
  const command = runLocal('start');
  while (!command.stdout().includes('Ctrl-C')) {
    await new Promise((resolve) => command.process.stdout?.once('data', resolve));
  }
  const [, api] = /API \(the local gateway\)\s+(\S+)/.exec(command.stdout()) ?? [];

  expect((await fetch(new URL('/orders/42', api))).status).toBe(401);
  expect(command.stdout()).toContain(`${api}/orders/42`);
  await expectToken(command, `${api}/orders/42`);
  await expectRehearsal(command);
  await expectInspector(command);
  const began = performance.now();
  command.process.kill('SIGTERM');
  expect(await command.ended()).toBe(0);
  expect(performance.now() - began).toBeLessThan(2000);
});

test('npm run example names the available examples for an unknown one', async () => {
  const { status, stderr } = await callCommand(['example', 'nope']);

  expect(status).toBe(2);
  expect(stderr).toContain(
    "unknown example 'nope'; available: existing-http-api, existing-lambda-rest-api, existing-rest-api, ",
  );
  expect(stderr).not.toContain('example-context');
});

test("local mode turns the CDK CLI's telemetry off", async () => {
  const app = join(directory, 'telemetry.cjs');
  writeFileSync(app, 'console.error(process.env.CDK_DISABLE_CLI_TELEMETRY); process.exit(1);');
  const { status, stderr } = await callCommand(['local', '--app', `node ${app}`], {
    ...CREDENTIALS,
    INIT_CWD: directory,
    CDK_DISABLE_CLI_TELEMETRY: '',
  });

  expect(status).toBe(1);
  expect(stderr).toBe('true\n');
});

test("local mode runs an app in the caller's directory, with the context of its cdk.json", async () => {
  const own = mkdtempSync(join(directory, 'own-'));
  writeFileSync(join(own, 'cdk.json'), JSON.stringify({ context: { colour: 'red' } }));
  writeFileSync(
    join(own, 'app.cjs'),
    `const context = JSON.parse(require('node:fs').readFileSync(process.env.CONTEXT_OVERFLOW_LOCATION_ENV));
     console.error(process.cwd(), context.colour); process.exit(1);`,
  );
  const environment = { ...CREDENTIALS, INIT_CWD: own };
  const { status, stderr } = await callCommand(['local', '--app', 'node app.cjs'], environment);

  expect(status).toBe(1);
  expect(stderr).toBe(`${realpathSync(own)} red\n`);
});

test('local mode names the stacks of an app without an API', async () => {
  const app = join(directory, 'app.cjs');
  const cdk = JSON.stringify(require.resolve('aws-cdk-lib'));
  writeFileSync(
    app,
    `const { App, Stack } = require(${cdk}); const app = new App();
    for (const name of ['One', 'Two']) new Stack(app, name); app.synth();`,
  );
  const environment = { ...CREDENTIALS, INIT_CWD: directory };
  const { status, stderr } = await callCommand(['local', '--app', `node ${app}`], environment);

  expect(status).toBe(1);
  expect(stderr).toBe('no stack of the app has an API: One, Two\n');
});

/** Checks that `token` prints an access token only, which the API accepts. */
async function expectToken(start: LocalCommand, url: string): Promise<void> {
  const [, issuer] = /authorization server +(\S+)/.exec(start.stdout()) ?? [];
  const endpoint = ['--endpoint', `${issuer}/token`];
  const token = await callCommand(['token', 'orders-app', 'read', ...endpoint]);
  expect(token.status).toBe(0);
  expect(token.stdout).toMatch(/^[\w-]{43}\n$/);

  const authorization = `Bearer ${token.stdout.trim()}`;
  expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
  const line = / GET \/orders\/42 200 {2}introspection \d+ ms · \d+ ms\n/;
  await printed(start, line);

  const dpop = ['--dpop', 'https://api.example.com/orders/42?a=b', '-X', 'POST'];
  const bound = await callCommand(['token', 'orders-app', 'read', ...endpoint, ...dpop]);
  expect(bound.status).toBe(0);
  const [, boundToken = '', proof = ''] =
    /^Authorization: DPoP ([\w-]{43})\nDPoP: (\S+)\n$/.exec(bound.stdout) ?? [];
  expect(decodeJwt(proof)).toMatchObject({
    htm: 'POST',
    htu: 'https://api.example.com/orders/42',
    ath: hash('sha256', boundToken, 'base64url'),
  });
  // The default of token.senderConstraint refuses bound tokens.
  const { status } = await fetch(url, { headers: { authorization: `Bearer ${boundToken}` } });
  expect(status).toBe(401);

  const rejected = await callCommand(['token', 'stranger', ...endpoint]);
  expect(rejected.status).toBe(1);
  expect(rejected.stderr).toBe(
    'the token endpoint responded 401 invalid_client for the client stranger: npm run -s token -- --help lists the clients\n',
  );
}

/** Checks that the inspector shows a request as it was handled, without a secret. */
async function expectInspector(start: LocalCommand): Promise<void> {
  const [, url] = /^inspector (\S+)$/m.exec(start.stderr()) ?? [];
  expect(start.stdout()).toContain(url);
  const act = async (name: string, input: object) => {
    const response = await fetch(new URL(`/actions/${name}`, url), {
      method: 'POST',
      headers: { 'x-inspector': '1' },
      body: JSON.stringify(input),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Record<string, string>;
  };
  const { token } = await act('get-token', { application: 'orders-app' });
  const eventsUrl = new URL('/events', url);
  const [state] = await readEvents(eventsUrl, '"kind":"state"');
  const { apis } = state as { apis?: { name: string }[] };
  const request = { api: apis?.[0]?.name, method: 'GET', target: '/orders/7' };
  const { requestId } = await act('send', { ...request, authorization: `Bearer ${token}` });
  const events = await readEvents(eventsUrl, `"id":"${requestId}"`);

  const event = events.find(({ id }) => id === requestId);
  expect(event).toMatchObject({
    status: 200,
    credential: { verdict: 'accepted', token },
    resultCache: { verdict: 'miss' },
    authorizer: { memoryCache: 'miss' },
    decision: { outcome: 'allow', source: 'introspection' },
    upstream: { status: 200 },
    jwt: expect.stringMatching(/^eyJ/),
  });
  expect(JSON.stringify(event)).toContain('Basic gateway:••••');
  expect(JSON.stringify(events)).not.toContain('local-development-secret');
}

/** Reads the events of an inspector until there is one with a member. */
async function readEvents(url: URL, member: string): Promise<readonly Record<string, unknown>[]> {
  const ending = new AbortController();
  const { body } = await fetch(url, { signal: ending.signal });
  let text = '';
  for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(
    new TextDecoderStream(),
  )) {
    text += chunk;
    const at = text.indexOf(member);
    if (at >= 0 && text.includes('\n\n', at)) break;
  }
  ending.abort();
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
}

/** Checks that the AWS endpoint serves the commands of the runbook, with the printed names. */
async function expectRehearsal(start: LocalCommand): Promise<void> {
  const [, endpoint] = /AWS_ENDPOINT_URL=(\S+)/.exec(start.stdout()) ?? [];
  const [, name] = /AuthorizerFunctionName\s+(\S+)/.exec(start.stdout()) ?? [];
  const [, secret] = /CredentialsSecretArn\s+(\S+)/.exec(start.stdout()) ?? [];
  const call = async (service: string, path: string, target: string, body: object) => {
    const response = await fetch(new URL(path, endpoint), {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=local/20261127/us-east-1/${service}/aws4_request`,
        'x-amz-target': target,
      },
      body: JSON.stringify(body),
    });
    return response.json();
  };
  const invocations = `/2015-03-31/functions/${name}/invocations`;

  expect(await call('lambda', invocations, '', { type: 'CHECK' })).toMatchObject({
    checks: expect.arrayContaining([expect.objectContaining({ name: 'introspection' })]),
  });
  expect(
    await call('secretsmanager', '/', 'secretsmanager.DescribeSecret', { SecretId: secret }),
  ).toMatchObject({ ARN: secret });
  expect(await call('sqs', '/', 'AmazonSQS.ListQueues', {})).toMatchObject({
    message: 'not supported in local mode: sqs ListQueues at /',
  });
}

/** Waits until the command has printed a line on standard error. */
async function printed(command: LocalCommand, line: RegExp): Promise<void> {
  while (!line.test(command.stderr())) {
    await new Promise((resolve) => command.process.stderr?.once('data', resolve));
  }
}

function write(name: string, config: object): string {
  const file = join(directory, name);
  writeFileSync(file, JSON.stringify(config));
  return file;
}
