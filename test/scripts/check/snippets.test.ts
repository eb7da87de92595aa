import { snippetFindings } from '../../../scripts/check/snippet-types';
import { moduleOf, snippetsOf } from '../../../scripts/check/snippets';
import { ROOT } from '../../support/root';

const block = (code: string) => `\`\`\`ts\n${code}\n\`\`\`\n`;

test('examples in other languages are not type-checked', () => {
  expect(snippetsOf('README.md', '```sh\nnpm ci\n```\n\n```json\n{}\n```\n')).toEqual([]);
});

test('an example inside a longer fence is not type-checked', () => {
  expect(snippetsOf('README.md', `\`\`\`\`md\n${block('gone();')}\`\`\`\`\n`)).toEqual([]);
});

test('an example knows its page, its line and what its page declares for it', () => {
  const page = `# Page\n\n<!-- given: declare const api: string; -->\n${block('api.length;')}`;

  expect(snippetsOf('docs/page.md', page)).toEqual([
    { file: 'docs/page.md', line: 5, given: 'declare const api: string;', code: 'api.length;\n' },
  ]);
});

test('a declaration counts for the example directly after it only', () => {
  const page = `<!-- given: declare const a: string; -->\n${block('a;')}\n${block('b;')}`;

  expect(snippetsOf('README.md', page).map(({ given }) => given)).toEqual([
    'declare const a: string;',
    '',
  ]);
});

test('examples are type-checked against the library, and errors name the line of the page', () => {
  const page = [
    block(
      "import { phantomToken } from 'phantom-token-authorizer/upstream';\n\nphantomToken({ requestContext: {} });\nphantomToken({});",
    ),
    block("import { gone } from 'phantom-token-authorizer/upstream';\nexport const a = gone;"),
    block('const text: string = await Promise.resolve(1);'),
  ].join('');

  expect(snippetFindings(ROOT, snippetsOf('docs/page.md', page))).toEqual([
    { file: 'docs/page.md', line: 5, message: expect.stringContaining("'requestContext'") },
    { file: 'docs/page.md', line: 8, message: expect.stringContaining("'gone'") },
    { file: 'docs/page.md', line: 12, message: expect.stringContaining("to type 'string'") },
  ]);
});

test('`this` is a construct in an example, and its module keeps the lines of the example', () => {
  const code = "import { Bucket } from 'aws-cdk-lib/aws-s3';\n\nnew Bucket(this, 'B');\n";
  const { text, firstLine } = moduleOf({ file: 'README.md', line: 1, given: '', code });

  expect(text).toContain("(this: import('aws-cdk-lib').Stack)");
  expect(text.split('\n')[firstLine + 1]).toBe("new Bucket(this, 'B');");
});
