import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { lookupWarnings, runCdkApp } from '../../../local/stack/cdk-app';
import { SynthesisError } from '../../../local/stack/synthesis-error';
import { until } from '../../support/until';

let directory: string;
let output: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdk-app-'));
  output = join(directory, 'cdk.out');
  mkdirSync(output);
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a program that behaves as a synthesized CDK app. `manifest` and `context` are in its scope. */
function writeApp(statements: string, file = 'app.cjs'): string {
  writeFileSync(
    join(directory, file),
    `const { readFileSync, writeFileSync } = require('node:fs');
     const manifest = { version: '36.0.0', artifacts: {} };
     const context = JSON.parse(readFileSync(process.env.CONTEXT_OVERFLOW_LOCATION_ENV, 'utf8'));
     ${statements}
     writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', JSON.stringify(manifest));`,
  );
  return `node ${file}`;
}

const write = (file: string, content: unknown) =>
  writeFileSync(join(directory, file), JSON.stringify(content));

test('an app without command is the app of cdk.json', async () => {
  write('cdk.json', { app: writeApp('') });

  expect(await runCdkApp({ directory, context: {} }, output)).toBeInstanceOf(CloudAssembly);
});

test('an app gets the context of cdk.json, of cdk.context.json and of the call, the last one first', async () => {
  write('cdk.json', { app: 'false', context: { a: 'json', b: 'json', c: { d: 1 } } });
  write('cdk.context.json', { b: 'lookup', e: 'lookup' });
  const command = writeApp(`writeFileSync('seen.json', JSON.stringify(context));`);
  await runCdkApp({ command, directory, context: { e: 'call' } }, output);

  expect(JSON.parse(readFileSync(join(directory, 'seen.json'), 'utf8'))).toEqual({
    'aws:cdk:enable-asset-metadata': true,
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:bundling-stacks': ['**'],
    ...{ a: 'json', b: 'lookup', c: { d: 1 }, e: 'call' },
  });
});

test('the command build of cdk.json runs first, if that is wanted', async () => {
  write('cdk.json', { app: 'node app.cjs', build: 'node build.cjs' });
  writeFileSync(join(directory, 'build.cjs'), `require('node:fs').renameSync('a.cjs', 'app.cjs');`);
  writeApp('', 'a.cjs');

  await expect(runCdkApp({ directory, context: {} }, output)).rejects.toThrow('app.cjs');
  const app = { directory, context: {}, build: true };
  expect(await runCdkApp(app, output)).toBeInstanceOf(CloudAssembly);
});

test('an app that fails is reported with its own message', async () => {
  const command = writeApp(`console.error('no such queue'); process.exit(1);`);

  await expect(runCdkApp({ command, directory, context: {} }, output)).rejects.toEqual(
    new SynthesisError('no such queue'),
  );
});

test('an app that is given up ends with all that it started, and fails', async () => {
  writeFileSync(
    join(directory, 'hanging.cjs'),
    `const { writeFileSync } = require('node:fs');
     process.on('SIGTERM', () => { writeFileSync('ended', ''); process.exit(); });
     setInterval(() => {}, 1000);
     writeFileSync('started', '');`,
  );
  const stopping = new AbortController();
  const { signal } = stopping;
  // The shell waits for the first command, and does not pass signals on.
  const app = { command: 'node hanging.cjs; true', directory, context: {}, signal };
  const running = runCdkApp(app, output);
  await until(() => existsSync(join(directory, 'started')));

  stopping.abort();

  await expect(running).rejects.toThrow(SynthesisError);
  expect(existsSync(join(directory, 'ended'))).toBe(true);
});

test('an app that needs a lookup is synthesized, with a warning of the key and the way to store its value', async () => {
  const command = writeApp(
    `manifest.missing = [{ key: 'vpc-provider:id', provider: 'vpc-provider', props: {} }];`,
  );

  const assembly = await runCdkApp({ command, directory, context: {} }, output);

  expect(lookupWarnings(assembly)).toEqual([
    expect.stringMatching(/what only AWS knows: vpc-provider:id\. Run cdk synth once/),
  ]);
});

test('an app without lookups has no warning of them', async () => {
  const assembly = await runCdkApp({ command: writeApp(''), directory, context: {} }, output);

  expect(lookupWarnings(assembly)).toEqual([]);
});
