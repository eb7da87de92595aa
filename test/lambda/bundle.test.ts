import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/root';

const BUNDLE = join(ROOT, 'dist', 'authorizer');
const run = promisify(execFile);

/** Licenses that may be in the bundle, by SPDX identifier: permissive ones, without a copyleft. */
const ALLOWED_LICENSES = ['Apache-2.0', 'BlueOak-1.0.0', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  AWS_REGION: 'eu-central-1',
  INTROSPECTION_ENDPOINT: 'https://login.example.com/introspect',
  INTROSPECTION_TIMEOUT_SECONDS: '3',
  INTROSPECTION_ACCEPT: 'application/jwt',
  INTROSPECTION_PARAMETERS: '{}',
  INTROSPECTION_CLIENT_AUTHENTICATION: '{"method":"client_secret_basic"}',
  INTROSPECTION_CREDENTIALS_SECRET_ARN: 'arn',
  TOKEN_NOT_BEFORE_TOLERANCE_SECONDS: '60',
  TOKEN_CACHE_TABLE: 'tokens',
  CACHE_MAX_TTL_SECONDS: '300',
  CACHE_INACTIVE_TTL_SECONDS: '10',
  CACHE_CONTROL: 'respect',
  CACHE_TIMEOUT_MILLISECONDS: '50',
  CACHE_COALESCE_INTROSPECTIONS: 'true',
  LOG_IDENTITIES: 'true',
  SCOPE_RULES: '{}',
};
/** Loads the bundle with plain Node.js, where no node_modules is near. */
const load = (script: string, env: NodeJS.ProcessEnv) =>
  run(process.execPath, ['-e', script, join(BUNDLE, 'index.js')], { env, cwd: '/' });

const files = () => readdirSync(BUNDLE).sort();
const codeOf = (name: string) => readFileSync(join(BUNDLE, name), 'utf8');
/** Code of all files. */
const allCode = () => files().filter(isCode).map(codeOf);
const isCode = (name: string) => /\.m?js$/.test(name);
const REQUIRED = /\brequire\("([^"]+)"\)/g;
/** Returns the sources of all files, by their source maps. */
const sources = () =>
  files()
    .filter((name) => name.endsWith('.map'))
    .flatMap((name): string[] => JSON.parse(codeOf(name)).sources);

/** Returns the size of the code that a cold start reads: what is loaded unconditionally from a file on. */
function sizeOf(...names: string[]): number {
  const loaded = new Set<string>();
  const load = (name: string) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const [, chunk = ''] of codeOf(name).matchAll(/\brequire\("\.\/(chunk-\w+\.js)"\)/g)) {
      load(chunk);
    }
  };
  for (const name of names) load(name);
  return [...loaded].reduce((sum, name) => sum + statSync(join(BUNDLE, name)).size, 0);
}

describe('the bundle', () => {
  it('the bundle holds the code, its source maps, licenses and bill of materials, and nothing else', () => {
    const names = new Set(files().map((name) => name.replace(/^chunk-\w+/, 'chunk')));
    const parts = ['minting', 'self-check', 'sender-verification', 'signature-verification'];
    const packages = ['container-credentials', 'jose'];
    const code = ['chunk', 'index', ...parts, ...packages].map((name) => `${name}.js`);

    expect([...names].sort()).toEqual(
      [
        ...['THIRD_PARTY_LICENSES', 'main.mjs', 'sbom.cdx.json'],
        ...code,
        ...code.map((name) => `${name}.map`),
      ].sort(),
    );
  });

  it('the bundle has each class in one file, so that a fault of a part is a fault to the other files', () => {
    const holding = (source: string) => sources().filter((it) => it === `../../lambda/${source}`);

    for (const source of ['core/errors.ts', 'core/jwk.ts', 'io/aws/errors.ts', 'handler.ts']) {
      expect(holding(source)).toHaveLength(1);
    }
    expect(new Set(sources()).size).toBe(sources().length);
  });

  it('the bundle is shipped with a bill of materials of the packages in it, under allowed licenses', () => {
    const { components } = JSON.parse(readFileSync(join(BUNDLE, 'sbom.cdx.json'), 'utf8')) as {
      components: { group?: string; name: string; licenses: { license: { id: string } }[] }[];
    };
    const inCode = new Set<string>(
      sources().flatMap(
        (source: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? [],
      ),
    );

    expect(components.map(({ group, name }) => (group ? `${group}/${name}` : name)).sort()).toEqual(
      [...inCode].sort(),
    );
    for (const { licenses } of components) {
      for (const { license } of licenses) expect(ALLOWED_LICENSES).toContain(license.id);
    }
  });

  it('the bundle is shipped with the license of every package whose code is in it', () => {
    const packages = sources().flatMap(
      (source: string) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? [],
    );
    const shipped = readFileSync(join(BUNDLE, 'THIRD_PARTY_LICENSES'), 'utf8');

    expect(packages).toEqual(expect.arrayContaining(['@aws-lambda-powertools/logger', 'jose']));
    for (const name of new Set<string>(packages)) {
      const directory = join(ROOT, 'node_modules', name);
      const { version, license } = JSON.parse(
        readFileSync(join(directory, 'package.json'), 'utf8'),
      );
      const files = readdirSync(directory).filter((file) => /^(licen[cs]e|notice)/i.test(file));

      expect(shipped).toContain(`${name} ${version} (${license})`);
      expect(ALLOWED_LICENSES).toContain(license);
      for (const file of files) {
        expect(shipped).toContain(readFileSync(join(directory, file), 'utf8').trim());
      }
    }
  });

  it('the bundle holds every package it needs and none that reads files of secrets', () => {
    const code = allCode().join('\n');
    const packages = [...code.matchAll(REQUIRED)].map(([, name = '']) => name);
    const beside = packages.filter((name) => name.startsWith('./'));

    expect(code).not.toContain('dotenv');
    expect(sources().join()).not.toContain('dotenv');
    expect(packages.filter((name) => !isBuiltin(name) && !name.startsWith('./'))).toEqual([]);
    expect(files()).toEqual(
      expect.arrayContaining(beside.map((name) => `${name.slice(2).replace(/\.js$/, '')}.js`)),
    );
  });

  it('the bundle has at most 100 KB, and at most 115 KB with minting', () => {
    expect(sizeOf('main.mjs', 'index.js')).toBeLessThanOrEqual(100_000);
    expect(sizeOf('main.mjs', 'index.js', 'minting.js')).toBeLessThanOrEqual(115_000);
  });

  it('the bundle has source maps without the sources and without a path of the machine', () => {
    const maps = files().filter((name) => name.endsWith('.map'));

    for (const name of maps) {
      expect(JSON.parse(codeOf(name))).not.toHaveProperty('sourcesContent');
      expect(codeOf(name)).not.toContain(ROOT);
      expect(codeOf(name.replace(/\.map$/, ''))).toContain(`//# sourceMappingURL=${name}`);
    }
    expect(sources()).toContain('../../lambda/handler.ts');
    for (const code of allCode()) expect(code).not.toContain(ROOT);
  });

  it('the bundle runs on plain Node.js', async () => {
    const script = `
      const { handler } = require(process.argv[1]);
      const event = { type: 'REQUEST', methodArn: 'x', headers: {}, requestContext: {} };
      handler(event, {}).catch((error) => console.log('answer', error.message));
    `;

    const { stdout } = await load(script, ENVIRONMENT);

    expect(stdout).toContain('answer ');
  });

  it('the bundle exports the handler from its entry point also if nothing can be prepared', async () => {
    const script = `
      const event = { type: 'REQUEST', methodArn: 'x', headers: {}, requestContext: {} };
      import(process.argv[1].replace('index.js', 'main.mjs')).then(({ handler }) =>
        handler(event, {}).catch((error) => console.log('answer', error.message)));
    `;
    const refused = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9/', AWS_ACCESS_KEY_ID: 'any' };

    const { stdout, stderr } = await load(script, {
      ...ENVIRONMENT,
      ...refused,
      AWS_SECRET_ACCESS_KEY: 'any',
    });

    expect(stdout + stderr).toContain('"message":"not_prepared"');
    expect(stdout).toContain('answer ');
  });

  it('the bundle names the class of a fault, which Lambda logs as the type of the error', async () => {
    const script = `
      const { handler } = require(process.argv[1]);
      handler({}, {}).catch((error) => console.log('type', error.name, error.constructor.name));
    `;

    const { stdout } = await load(script, ENVIRONMENT);

    expect(stdout).toContain('type Fault Fault');
  });

  it('the bundle does not start with a faulty configuration', async () => {
    const start = load('require(process.argv[1])', { ...ENVIRONMENT, CACHE_CONTROL: 'x' });

    await expect(start).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('configuration_invalid'),
    });
  });
});

describe.each(['key-set', 'rotation'])('the bundle of the function %s', (name) => {
  const file = (path: string) => join(ROOT, 'dist', name, path);

  it(`the bundle ${name} consists of code, source map, licenses and bill of materials, of at most 40 KB`, () => {
    expect(readdirSync(file('')).sort()).toEqual([
      'THIRD_PARTY_LICENSES',
      'index.js',
      'index.js.map',
      'sbom.cdx.json',
    ]);
    expect(statSync(file('index.js')).size).toBeLessThanOrEqual(40_000);
    expect(readFileSync(file('index.js.map'), 'utf8')).not.toContain(ROOT);
  });

  it(`the bundle ${name} contains no code of the authorizer and needs no package`, () => {
    const code = readFileSync(file('index.js'), 'utf8');
    const { sources } = JSON.parse(readFileSync(file('index.js.map'), 'utf8'));
    const packages = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, it = '']) => it);

    expect(packages.filter((it) => !isBuiltin(it))).toEqual([]);
    expect(sources).toContain(`../../lambda/${name}/handler.ts`);
    expect(sources).not.toContain('../../lambda/authorizer.ts');
  });
});
