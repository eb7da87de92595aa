import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LocalCommand, runBinary } from '../support/local-command';
import { ROOT } from '../support/root';

const CREDENTIALS = { INTROSPECTION_CLIENT_ID: 'gateway', INTROSPECTION_CLIENT_SECRET: 'hidden' };

let directory: string;
let manifest: { readonly version: string; readonly dependencies: Record<string, string> };

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'command-line-'));
  const tarball = execFileSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/cli-package.ts', directory],
    { cwd: ROOT, encoding: 'utf8' },
  ).trim();
  const modules = join(directory, 'node_modules');
  const installed = join(modules, 'phantom-token');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  // Links to the packages of this project, so that the network is not needed. Other packages are not found.
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'dir');
  }
}, 180_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const run = (...args: readonly string[]): LocalCommand =>
  runBinary(
    join(directory, 'node_modules', 'phantom-token', 'dist', 'cli', 'main.js'),
    args,
    directory,
    CREDENTIALS,
  );

test('the package has the version of the project, and its exact versions of what it imports', () => {
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const tested = { ...own.devDependencies, ...own.dependencies };

  expect(manifest.version).toBe(own.version);
  expect(manifest.dependencies).toMatchObject({ commander: tested.commander });
  for (const [name, version] of Object.entries(manifest.dependencies)) {
    expect([name, version]).toEqual([name, tested[name]]);
  }
  expect(manifest).not.toHaveProperty('scripts');
});

test('the package has the example of a config that init names', async () => {
  const command = run('init', '--issuer', 'http://127.0.0.1:9', '--upstream', 'http://127.0.0.1:9');

  expect(await command.ended()).toBe(1);
  const [, example] = /copy (\S+config\.example\.json) /.exec(command.stderr()) ?? [];
  expect(JSON.parse(readFileSync(String(example), 'utf8'))).toHaveProperty('introspection');
});

test('the packed command prints its version, and the commands as npx calls them', async () => {
  const version = run('--version');
  const help = run('local', '--help');

  expect(await version.ended()).toBe(0);
  expect(version.stdout()).toBe(`${manifest.version}\n`);
  expect(await help.ended()).toBe(0);
  expect(help.stdout()).toContain('Usage: npx phantom-token local [options]\n');
});

test('the packed command serves a config of the directory it is called in', async () => {
  const config = {
    introspection: { endpoint: 'http://127.0.0.1:9/introspect' },
    token: { audience: 'orders-api' },
    api: { upstream: 'http://127.0.0.1:9', scopes: ['read'] },
  };
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config));

  const command = run('local', '--config', 'config.json', '--inspector-port', '0');
  await command.ready();
  const [, inspector] = /^inspector (\S+)$/m.exec(command.stderr()) ?? [];
  for (const path of ['/', '/main.mjs', '/lit-html/lit-html.js']) {
    expect((await fetch(new URL(path, inspector))).status).toBe(200);
  }
  await expectServed(command, 401);
});

test('the packed command serves a CDK app of the directory it is called in', async () => {
  writeFileSync(
    join(directory, 'app.cjs'),
    `const { App, Stack } = require('aws-cdk-lib');
     const { MockIntegration, RestApi } = require('aws-cdk-lib/aws-apigateway');
     const app = new App();
     const api = new RestApi(new Stack(app, 'Own'), 'Api');
     const integration = new MockIntegration({
       requestTemplates: { 'application/json': '{"statusCode":204}' },
       integrationResponses: [{ statusCode: '204' }],
     });
     api.root.addMethod('GET', integration, { methodResponses: [{ statusCode: '204' }] });
     app.synth();`,
  );
  writeFileSync(join(directory, 'cdk.json'), '{"app":"node app.cjs"}');

  await expectServed(run('local', '--app', 'node app.cjs'), 204);
});

/** Checks the status of a request without a token, and that the command ends. */
async function expectServed(command: LocalCommand, status: number): Promise<void> {
  const url = await command.ready();

  expect((await fetch(url)).status).toBe(status);
  command.process.kill('SIGTERM');
  expect(await command.ended()).toBe(0);
}
