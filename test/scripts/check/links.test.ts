import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkFindings } from '../../../scripts/check/links';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'links-'));
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'README.md'), '# Project\n\n## Try it\n');
  const page =
    '# Caching\n\n## `exp` and the cache\n\n## Twice\n\n## Twice\n\n```sh\n# not a heading\n```\n';
  writeFileSync(join(root, 'docs', 'caching.md'), page);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const findings = (text: string) => linkFindings(root, 'docs/caching.md', text);

test.each([
  ['[gone](gone.md)', 'gone.md: no such file'],
  ['![picture](gone.png "title")', 'gone.png: no such file'],
  ['[gone](../README.md#deploy-it)', '../README.md#deploy-it: no such heading'],
  ['[gone](#not-a-heading)', '#not-a-heading: no such heading'],
  ['[root](/README.md)', '/README.md: absolute path'],
  ['[page]: gone.md', 'gone.md: no such file'],
  ['See /home/jane/project.', '/home/jane: absolute path'],
  ['```sh\ncat C:\\Users\n```', 'C:\\Users: absolute path'],
])('the link or path in %j is reported', (text, message) => {
  expect(findings(text).map((finding) => finding.message)).toEqual([message]);
});

test.each([
  '[page](../README.md)',
  '[heading](../README.md#try-it)',
  '[code in a heading](#exp-and-the-cache)',
  '[second heading of a name](#twice-1)',
  '[folder](.)',
  '[elsewhere](https://example.com/gone.md#gone)',
  '`[code](gone.md)`',
  'https://example.com/home/page',
  'The path /orders/{id}.',
])('%j is accepted', (text) => {
  expect(findings(text)).toEqual([]);
});

test('the finding of a link names the line of the page', () => {
  expect(findings('```sh\nls\n```\n\n[gone](gone.md)\n')).toMatchObject([
    { file: 'docs/caching.md', line: 5 },
  ]);
});
