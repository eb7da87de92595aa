import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { USER_AGENT } from '../../../../lambda/io/http/user-agent';
import { ROOT } from '../../../support/root';

it('User-Agent names the version of the package', () => {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  expect(USER_AGENT).toBe(`${name}/${version}`);
});
