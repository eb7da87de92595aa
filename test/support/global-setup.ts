import { execFile } from 'node:child_process';
import { generateKeyPair } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { ROOT } from './root';

const DIRECTORY = join(ROOT, 'dist', 'test');

/** Builds the bundle, which the constructs deploy and tests run, and makes what many tests need. */
export default async function globalSetup(): Promise<void> {
  // `npm run synth` checks CloudFormation's rules. In each test file this would take seconds.
  process.env['CDK_VALIDATION'] = 'false';
  // On Node.js 20 the SDK warns about its future versions.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  // Node.js 20 reads these certificates at each start, which can take longer than the rest of it. No test needs them.
  delete process.env['NODE_EXTRA_CA_CERTS'];
  await Promise.all([buildBundles(), buildAuthorizationServer(), generateRsaKey()]);
}

async function buildBundles(): Promise<void> {
  const args = ['--require', 'tsx/cjs', 'scripts/build.ts'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
}

/** Compiles the authorization server for `authorization-server.ts`. */
async function buildAuthorizationServer(): Promise<void> {
  await build({
    entryPoints: [join(__dirname, 'native-authorization-server.ts')],
    outfile: join(DIRECTORY, 'authorization-server.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
  });
}

/** Generates the key of `rsa-key.ts`, unless a former run did. */
async function generateRsaKey(): Promise<void> {
  const file = join(DIRECTORY, 'rsa-key.pem');
  if (existsSync(file)) return;
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  mkdirSync(DIRECTORY, { recursive: true });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(file, pem);
}
