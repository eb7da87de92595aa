import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resolveTemplate } from '../../local/template/resolve';
import { type Consumer, installPackage, pack, type Tarball } from '../support/consumer';
import { ROOT } from '../support/root';

const run = promisify(execFile);

let directory: string;
let tarball: Tarball;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'consumer-'));
  tarball = pack(directory);
}, 180_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Files of the authorizer's bundle; the names of some follow from their content. */
const AUTHORIZER_FILES = readdirSync(join(ROOT, 'dist', 'authorizer')).sort();

describe('the tarball', () => {
  const declaration = /^dist\/types\/(.*)\.d\.ts$/;

  it('the tarball holds the compiled constructs, the bundles and the helper only', () => {
    expect(tarball.paths.filter((path) => !declaration.test(path))).toEqual([
      'LICENSE',
      'README.md',
      ...AUTHORIZER_FILES.map((name) => `dist/authorizer/${name}`),
      'dist/index.js',
      'dist/key-set/THIRD_PARTY_LICENSES',
      'dist/key-set/index.js',
      'dist/key-set/index.js.map',
      'dist/key-set/sbom.cdx.json',
      'dist/rotation/THIRD_PARTY_LICENSES',
      'dist/rotation/index.js',
      'dist/rotation/index.js.map',
      'dist/rotation/sbom.cdx.json',
      'dist/upstream/index.js',
      'package.json',
    ]);
  });

  it('the tarball declares types of existing sources of constructs, contract and helper', () => {
    const modules = tarball.paths.flatMap((path) => declaration.exec(path)?.[1] ?? []);

    expect(modules).toEqual(expect.arrayContaining(['lib/index', 'upstream/index']));
    expect(modules.filter((module) => !existsSync(join(ROOT, `${module}.ts`)))).toEqual([]);
    expect(
      modules.filter(
        (module) => !/^(lib\/[\w/-]+|lambda\/contract|upstream\/[\w-]+)$/.test(module),
      ),
    ).toEqual([]);
  });
});

describe('an app that installed it', () => {
  let consumer: Consumer;
  let lowest: Consumer;

  beforeAll(() => {
    // Each source as a CommonJS module and as an ES module.
    const sources = {
      'app.cts': 'app.ts',
      'app.mts': 'app.ts',
      'orders.cts': 'orders.ts',
      'orders.mts': 'orders.ts',
    };
    consumer = installPackage(join(directory, 'app'), tarball, 'aws-cdk-lib', sources);
    lowest = installPackage(join(directory, 'lowest'), tarball, 'aws-cdk-lib-lowest', sources);
    consumer.compile({ module: 'node16', target: 'es2022' });
    for (const file of ['app.cjs', 'app.mjs']) {
      copyFileSync(join(consumer.directory, file), join(lowest.directory, file));
    }
  }, 180_000);

  it('the package depends on zod only, with the CDK and constructs as peers', () => {
    const manifest = JSON.parse(readFileSync(join(consumer.installed, 'package.json'), 'utf8'));

    expect(manifest).not.toHaveProperty('private');
    expect(Object.keys(manifest.dependencies)).toEqual(['zod']);
    expect(Object.keys(manifest.peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
      expect(manifest.scripts).not.toHaveProperty(script);
    }
  });

  it('the README of the package has no relative link and no command of a clone', () => {
    const readme = readFileSync(join(consumer.installed, 'README.md'), 'utf8');

    expect(readme).toContain('npm install phantom-token-authorizer');
    expect(readme.match(/\]\((?!https:)[^)]*\)/g)).toBeNull();
    expect(readme).not.toMatch(/npm run|npm start|npm test/);
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('npm run demo');
  });

  it('the peer range starts with the lowest version of the CDK that these tests use', () => {
    const read = (path: string) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const { version } = read(join(lowest.directory, 'node_modules', 'aws-cdk-lib'));

    expect(read(lowest.installed).peerDependencies['aws-cdk-lib']).toBe(`^${version}`);
  });

  it.each([
    ['bundler', () => consumer, { module: 'esnext', moduleResolution: 'bundler' }],
    [
      'node10 and the lowest version of the CDK',
      () => lowest,
      { module: 'commonjs', moduleResolution: 'node10' },
    ],
  ])(
    'an app with module resolution %s type-checks',
    (_name, app, options) => {
      expect(() => app().compile({ ...options, target: 'es2022', noEmit: true })).not.toThrow();
    },
    180_000,
  );

  it.each(['cjs', 'mjs'])('an app imports the helper for functions behind the API (%s)', (kind) => {
    expect(consumer.run(`orders.${kind}`)).toBe(
      `${JSON.stringify({ token: 'a.b.c', headers: { Authorization: 'Bearer a.b.c' } })}\n`,
    );
  });

  it.each([
    ['newest', 'cjs', () => consumer],
    ['newest', 'mjs', () => consumer],
    ['lowest', 'cjs', () => lowest],
    ['lowest', 'mjs', () => lowest],
  ])(
    'an app with the %s version of the CDK synthesizes a bundle that responds as configured (%s)',
    async (_version, kind, app) => {
      const { directory: at, run: runFile } = app();
      rmSync(join(at, 'cdk.out'), { recursive: true, force: true });
      runFile(`app.${kind}`);
      const { asset, environment, apiId, transferModes } = synthesizedFunction(join(at, 'cdk.out'));

      expect(readdirSync(asset).sort()).toEqual(AUTHORIZER_FILES);
      expect(transferModes).toContain('STREAM');
      expect(environment).toMatchObject({ TOKEN_AUDIENCE: '["orders-api"]' });
      expect(await resultWithoutCredential(asset, apiId, environment)).toBe('Unauthorized');
      await expect(resultWithoutCredential(asset, apiId, {})).rejects.toThrow(
        'configuration_invalid',
      );
    },
  );
});

/** Returns code, environment variables and API id of the authorizer in the template. */
function synthesizedFunction(assembly: string) {
  const text = readFileSync(join(assembly, 'Consumer.template.json'), 'utf8');
  const template = resolveTemplate(JSON.parse(text), { stackName: 'Consumer' });
  const [authorizer] = template.ofType('AWS::Lambda::Function');
  const [api] = template.ofType('AWS::ApiGateway::RestApi');
  if (authorizer === undefined || api === undefined)
    throw new Error('the template has no function or REST API');
  const { Code, Environment } = authorizer.properties as FunctionProperties;
  return {
    asset: join(assembly, `asset.${Code.S3Key.replace('.zip', '')}`),
    environment: Environment.Variables,
    apiId: api.ref,
    transferModes: template
      .ofType('AWS::ApiGateway::Method')
      .map(({ properties }) => (properties as MethodProperties).Integration.ResponseTransferMode),
  };
}

interface MethodProperties {
  readonly Integration: { readonly ResponseTransferMode?: string };
}

interface FunctionProperties {
  readonly Code: { readonly S3Key: string };
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

/** Runs the bundle as Lambda does: plain Node.js without packages. */
async function resultWithoutCredential(
  asset: string,
  apiId: string,
  environment: Readonly<Record<string, string>>,
) {
  const script = `
    const { handler } = require(process.argv[1]);
    const event = { type: 'REQUEST', resource: '/{proxy+}', httpMethod: 'GET', headers: {}, methodArn:
      'arn:aws:execute-api:eu-central-1:123456789012:api/prod/GET/orders', requestContext: { apiId: '${apiId}' } };
    handler(event, {}).catch(({ message }) => console.log('result:' + message));
  `;
  const { stdout } = await run(process.execPath, ['-e', script, join(asset, 'index.js')], {
    env: { PATH: process.env['PATH'], AWS_REGION: 'eu-central-1', ...environment },
    cwd: '/',
  });
  return /^result:(.*)$/m.exec(stdout)?.[1];
}
