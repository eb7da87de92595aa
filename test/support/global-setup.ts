import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

/** Builds the bundle, which the constructs deploy and tests run, and the authorization server of many tests. */
export default async function globalSetup(): Promise<void> {
  // `npm run synth` checks CloudFormation's rules. In each test file this would take seconds.
  process.env['CDK_VALIDATION'] = 'false';
  // On Node.js 20 the SDK warns about its future versions.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  // Node.js 20 reads these certificates at each start, which can take longer than the rest of it. No test needs them.
  delete process.env['NODE_EXTRA_CA_CERTS'];
  await Promise.all([buildBundles(), buildAuthorizationServer()]);
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
    outfile: join(ROOT, 'dist', 'test', 'authorization-server.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
  });
}
