import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resolveTemplate } from '../../local/template/resolve';
import { type Consumer, installPackage, pack, type Tarball } from '../support/consumer';
import { ROOT } from '../support/imports';

const run = promisify(execFile);

let directory: string;
let tarball: Tarball;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'consumer-'));
  tarball = pack(directory);
}, 180_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the tarball', () => {
  const declaration = /^dist\/types\/(.*)\.d\.ts$/;

  it('the tarball holds the compiled constructs, the bundle and the helper only', () => {
    expect(tarball.paths.filter((path) => !declaration.test(path))).toEqual([
      'LICENSE',
      'README.md',
      'dist/authorizer/THIRD_PARTY_LICENSES',
      'dist/authorizer/index.js',
      'dist/authorizer/index.js.map',
      'dist/authorizer/sbom.cdx.json',
      'dist/index.js',
      'dist/upstream/index.js',
      'package.json',
    ]);
  });

  it('the tarball declares types of existing sources of constructs, contract and helper', () => {
    const modules = tarball.paths.flatMap((path) => declaration.exec(path)?.[1] ?? []);

    expect(modules).toEqual(expect.arrayContaining(['lib/index', 'upstream/index']));
    expect(modules.filter((module) => !existsSync(join(ROOT, `${module}.ts`)))).toEqual([]);
    expect(
      modules.filter((module) => !/^(lib\/[\w/-]+|lambda\/contract|upstream\/index)$/.test(module)),
    ).toEqual([]);
  });
});

describe('an app that installed it', () => {
  let consumer: Consumer;

  beforeAll(() => {
    // Each source as a CommonJS module and as an ES module.
    consumer = installPackage(join(directory, 'app'), tarball, {
      'app.cts': 'app.ts',
      'app.mts': 'app.ts',
      'orders.cts': 'orders.ts',
      'orders.mts': 'orders.ts',
    });
    consumer.compile({ module: 'node16', target: 'es2022' });
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

  it.each([
    ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
    ['node10, as in older CDK apps', { module: 'commonjs', moduleResolution: 'node10' }],
  ])(
    'an app with module resolution %s type-checks',
    (_name, options) => {
      expect(() => consumer.compile({ ...options, target: 'es2022', noEmit: true })).not.toThrow();
    },
    180_000,
  );

  it.each(['cjs', 'mjs'])('an app imports the helper for functions behind the API (%s)', (kind) => {
    expect(consumer.run(`orders.${kind}`)).toBe(
      `${JSON.stringify({ token: 'a.b.c', headers: { Authorization: 'Bearer a.b.c' } })}\n`,
    );
  });

  it.each(['cjs', 'mjs'])(
    'an app synthesizes a bundle that responds as configured (%s)',
    async (kind) => {
      rmSync(join(consumer.directory, 'cdk.out'), { recursive: true, force: true });
      consumer.run(`app.${kind}`);
      const { asset, environment, apiId } = synthesizedFunction(
        join(consumer.directory, 'cdk.out'),
      );

      expect(readdirSync(asset).sort()).toEqual([
        'THIRD_PARTY_LICENSES',
        'index.js',
        'index.js.map',
        'sbom.cdx.json',
      ]);
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
  };
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
