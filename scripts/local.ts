import { readArguments } from '../local/cli/arguments';
import { checkEarly } from '../local/cli/check-early';
import { reportAndExit } from '../local/cli/run';
import { isLibraryBuilt } from './built';

/** `npm run local`: builds, and serves. A fault of an argument or the config is reported before the build. */
async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2), process.env);
  // A former library could reject what the current one accepts. Local mode checks again after the build.
  if (isLibraryBuilt()) await checkEarly(given);
  require('./build');
  require('../local/cli/main');
}

main().catch(reportAndExit);
