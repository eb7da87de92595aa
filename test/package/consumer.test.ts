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

  it('holds the compiled constructs, the bundle, the helper, and nothing else', () => {
    expect(tarball.paths.filter((path) => !declaration.test(path))).toEqual([
      'LICENSE',
      'README.md',
      'dist/authorizer/THIRD_PARTY_LICENSES',
      'dist/authorizer/index.js',
      'dist/authorizer/index.js.map',
      'dist/index.js',
      'dist/upstream/index.js',
      'package.json',
    ]);
  });

  it('declares types of constructs, contract and helper, each of a source that is there', () => {
    const modules = tarball.paths.flatMap((path) => declaration.exec(path)?.[1] ?? []);

    expect(modules).toEqual(expect.arrayContaining(['lib/index', 'upstream/index']));
    expect(modules.filter((module) => !existsSync(join(ROOT, `${module}.ts`)))).toEqual([]);
    expect(
      modules.filter((module) => !/^(lib\/[\w-]+|lambda\/contract|upstream\/index)$/.test(module)),
    ).toEqual([]);
  });
});

describe('an app that installed it', () => {
  let consumer: Consumer;

  beforeAll(() => {
    // Of each source a CommonJS and an ES module, and one whose kind the bundler decides.
    consumer = installPackage(join(directory, 'app'), tarball, {
      'app.cts': 'app.ts',
      'app.mts': 'app.ts',
      'orders.cts': 'orders.ts',
      'orders.mts': 'orders.ts',
    });
    consumer.compile({ module: 'node16', target: 'es2022' });
  }, 180_000);

  it('has the CDK and constructs as its own, and gets nothing but zod', () => {
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
    ['node10, as older CDK apps have it,', { module: 'commonjs', moduleResolution: 'node10' }],
  ])(
    'type-checks where modules are resolved by %s too',
    (_name, options) => {
      expect(() => consumer.compile({ ...options, target: 'es2022', noEmit: true })).not.toThrow();
    },
    180_000,
  );

  it.each(['cjs', 'mjs'])('imports the helper for functions behind the API (%s)', (kind) => {
    expect(consumer.run(`orders.${kind}`)).toBe(
      `${JSON.stringify({ token: 'a.b.c', headers: { Authorization: 'Bearer a.b.c' } })}\n`,
    );
  });

  it.each(['cjs', 'mjs'])(
    'synthesizes, and the bundle it would deploy answers as configured (%s)',
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
      ]);
      expect(environment).toMatchObject({ TOKEN_AUDIENCE: '["orders-api"]' });
      expect(await answerToNoCredential(asset, apiId, environment)).toBe('Unauthorized');
      await expect(answerToNoCredential(asset, apiId, {})).rejects.toThrow('configuration_invalid');
    },
  );
});

/** The code, the environment variables and the API's id that CloudFormation would give the authorizer. */
function synthesizedFunction(assembly: string) {
  const text = readFileSync(join(assembly, 'Consumer.template.json'), 'utf8');
  const template = resolveTemplate(JSON.parse(text), { stackName: 'Consumer' });
  const [authorizer] = template.ofType('AWS::Lambda::Function');
  const [api] = template.ofType('AWS::ApiGateway::RestApi');
  if (authorizer === undefined || api === undefined) throw new Error('the template lacks them');
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

/** Runs the bundle as Lambda would: plain Node.js, no package near it. */
async function answerToNoCredential(
  asset: string,
  apiId: string,
  environment: Readonly<Record<string, string>>,
) {
  const script = `
    const { handler } = require(process.argv[1]);
    const event = { type: 'REQUEST', resource: '/{proxy+}', httpMethod: 'GET', headers: {}, methodArn:
      'arn:aws:execute-api:eu-central-1:123456789012:api/prod/GET/orders', requestContext: { apiId: '${apiId}' } };
    handler(event, {}).catch(({ message }) => console.log('answer:' + message));
  `;
  const { stdout } = await run(process.execPath, ['-e', script, join(asset, 'index.js')], {
    env: { PATH: process.env['PATH'], AWS_REGION: 'eu-central-1', ...environment },
    cwd: '/',
  });
  return /^answer:(.*)$/m.exec(stdout)?.[1];
}
