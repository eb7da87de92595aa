import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema, documentedSchema } from '../../lib/stack/config/json-schema';
import { configPage } from '../../scripts/config-page';
import { ROOT } from '../support/root';

const published = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

it('config.schema.json is what `npm run schema` writes', () => {
  expect(JSON.parse(published('config.schema.json'))).toEqual(configJsonSchema());
});

it('docs/configuration.md is what `npm run schema` writes', () => {
  expect(published('docs', 'configuration.md')).toBe(configPage(documentedSchema()));
});

it('config.schema.json describes each key with its default, without Markdown', () => {
  const text = published('config.schema.json');
  const { token, cache } = JSON.parse(text).properties;

  expect(token.properties.issuer.description).toBe(
    'Required value of the claim iss. If absent: not checked.',
  );
  expect(cache.properties.maxTtlSeconds).toMatchObject({
    default: 300,
    description: 'Maximum lifetime in the memory cache and the token cache, in seconds.',
  });
  expect(text).not.toMatch(/`|whenAbsent|"details"/);
});

it('the configuration page lists a key with its values, default and description, and details below', () => {
  const page = configPage({
    type: 'object',
    required: ['b'],
    properties: {
      a: { enum: ['x|y', 'z'], default: 'z', description: 'First.' },
      b: {
        type: 'object',
        description: 'Second.',
        properties: {
          c: { type: 'boolean', description: 'Third.', whenAbsent: 'none', details: 'More.' },
          d: { enum: Array.from({ length: 9 }, (_, index) => `value-${index}`), description: 'D.' },
        },
      },
    },
  });

  expect(page).toContain('| `a` | one of `"x\\|y"`, `"z"` | `"z"` | First. |');
  expect(page).toContain('## `b`\n\nSecond.\n\n| key |');
  expect(page).toContain('| `b.c` | true or false | none | Third. |');
  expect(page).toContain('| `b.d` | see below |');
  expect(page).toContain('**`b.c`**: More.\n\n**`b.d`**: The value is one of `"value-0"`, ');
});
