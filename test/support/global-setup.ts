import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds the bundle, which the constructs deploy and tests run. */
export default function globalSetup(): void {
  // `npm run synth` checks CloudFormation's rules. In each test file this would take seconds.
  process.env['CDK_VALIDATION'] = 'false';
  // On Node.js 20 the SDK warns about its future versions.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    cwd: join(__dirname, '..', '..'),
    stdio: 'inherit',
  });
}
