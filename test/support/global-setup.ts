import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds the bundle once: the constructs deploy it, and tests run it. */
export default function globalSetup(): void {
  // The SDK warns, on Node.js 20, of its own future versions.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/bundle.ts'], {
    cwd: join(__dirname, '..', '..'),
    stdio: 'inherit',
  });
}
