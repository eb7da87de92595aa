import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds the bundle once: the constructs deploy it, and tests run it. */
export default function globalSetup(): void {
  // CloudFormation's own rules are checked by `npm run synth`; in each test file they would cost seconds.
  process.env['CDK_VALIDATION'] = 'false';
  // The SDK warns, on Node.js 20, of its own future versions.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    cwd: join(__dirname, '..', '..'),
    stdio: 'inherit',
  });
}
