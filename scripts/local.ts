import '../cli/require-node';
import { localCommand } from '../local/cli/local';
import { createCommand, runCommand } from '../terminal/command';
import { isConfigReaderBuilt } from './built';
import { runBuild } from './run-build';

// `npm run local`: the command `local` with a build. What can fail early fails before the build, unless the config
// reader is older than its sources.
const program = createCommand('phantom-token', 'Local mode of a clone.');
program.addCommand(localCommand({ comesFirst: !isConfigReaderBuilt(), run: runBuild }));
runCommand(program, ['local', ...process.argv.slice(2)]);
