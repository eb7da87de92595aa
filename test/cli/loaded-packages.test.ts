import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { ROOT } from '../support/root';

/** Creates the commands and checks a config, and prints the files that were loaded. */
const SCRIPT = `
  const { createProgram } = require('./cli/program');
  const { checkConfig } = require('./local/cli/check-config');
  createProgram();
  checkConfig('config.example.json');
  console.log(JSON.stringify(Object.keys(require.cache)));
`;

test('the command line checks a config before it loads constructs or slow packages', () => {
  const args = ['--require', 'tsx/cjs', '--eval', SCRIPT];
  const printed = execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  const files = (JSON.parse(printed) as string[]).map((file) =>
    relative(join(ROOT, 'node_modules'), file),
  );
  const ofPackages = files.filter((file) => !/^(?:\.\.|tsx|esbuild|commander)\//.test(file));

  // The index of the CDK loads its modules when they are used.
  expect(ofPackages).toEqual(['aws-cdk-lib/index.js']);
});
