import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

/** Builds the bundle, which the constructs deploy and tests run, and the program of a process that many tests start. */
export default function globalSetup(): void {
  // `npm run synth` checks CloudFormation's rules. In each test file this would take seconds.
  process.env['CDK_VALIDATION'] = 'false';
  // On Node.js 20 the SDK warns about its future versions.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  // Compiled once, it starts in half the time.
  buildSync({
    entryPoints: [join(__dirname, 'authorization-server-process.ts')],
    outfile: join(ROOT, 'dist', 'test', 'authorization-server-process.js'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
  });
}
