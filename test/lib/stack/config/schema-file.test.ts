import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../../../../lib/stack/config/schema';
import { ROOT } from '../../../support/imports';

describe('the published schema of config files', () => {
  it('is that by which they are read', () => {
    const published = JSON.parse(readFileSync(join(ROOT, 'config.schema.json'), 'utf8'));

    expect(published).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });
});
