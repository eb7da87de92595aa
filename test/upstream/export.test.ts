import { execFileSync } from 'node:child_process';
import { ROOT } from '../support/root';

it.each([
  ["const { phantomToken } = require('phantom-token-authorizer/upstream');", 'commonjs'],
  ["import { phantomToken } from 'phantom-token-authorizer/upstream';", 'module'],
])('exports phantomToken from the package: %s', (statement, type) => {
  const event = { requestContext: { authorizer: { authorization: 'Bearer a.b.c' } } };
  const script = `${statement} console.log(phantomToken(${JSON.stringify(event)}));`;

  const printed = execFileSync(process.execPath, [`--input-type=${type}`, '-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
  });

  expect(printed).toBe('a.b.c\n');
});
