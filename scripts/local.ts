import '../cli/require-node';
import { execFileSync } from 'node:child_process';
import { localCommand } from '../local/cli/local';
import { createCommand, runCommand } from '../terminal/command';
import { isLibraryBuilt } from './built';
import { ROOT } from './bundles';

// `npm run local`: the command `local` with a build. What can fail early fails before the build, unless the library
// that checks the config is older than its sources.
const isBuilt = isLibraryBuilt();
if (!isBuilt) build();

const program = createCommand('phantom-token', 'Local mode of a clone.');
program.addCommand(localCommand(isBuilt ? build : undefined));
runCommand(program, ['local', ...process.argv.slice(2)]);

/** Builds, with all output on standard error, since standard output has one line only. */
function build(): void {
  const script = ['--import', 'tsx', 'scripts/build.ts'];
  execFileSync(process.execPath, script, { cwd: ROOT, stdio: ['ignore', 2, 2] });
}
