import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { docCommentFindings } from './doc-comments';
import { readFiles } from './files';
import type { Finding } from './finding';
import { htmlLinkFindings } from './html-links';
import { linkFindings } from './links';
import { phraseFindings } from './phrases';
import { snippetFindings } from './snippet-types';
import { snippetsOf } from './snippets';
import { testTitleFindings } from './test-titles';

const root = join(__dirname, '..', '..');
const SOURCES = [
  'bench',
  'bin',
  'cli',
  'doctor',
  'examples',
  'lambda',
  'lib',
  'local',
  'terminal',
  'scripts',
  'upstream',
];
const PAGES = ['.github', 'CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md', 'docs'];

const pages = () =>
  readFiles(root, PAGES, '.md').filter(({ file }) => !file.startsWith('docs/api'));

const CHECKS: Readonly<Record<string, () => readonly Finding[]>> = {
  api: () =>
    htmlLinkFindings(readFiles(root, ['docs/api'], '.html'), (file) =>
      existsSync(join(root, file)),
    ),
  'doc-comments': () =>
    readFiles(root, SOURCES, '.ts').flatMap(({ file, text }) => docCommentFindings(file, text)),
  links: () => pages().flatMap(({ file, text }) => linkFindings(root, file, text)),
  phrases: () => pages().flatMap(({ file, text }) => phraseFindings(file, text)),
  snippets: () =>
    snippetFindings(
      root,
      pages().flatMap(({ file, text }) => snippetsOf(file, text)),
    ),
  titles: () =>
    readFiles(root, ['test'], '.test.ts').flatMap(({ file, text }) =>
      testTitleFindings(file, text),
    ),
};

/** Runs the checks that the arguments name, and prints each finding as `file:line: message`. */
for (const name of process.argv.slice(2)) {
  const check = CHECKS[name];
  if (check === undefined) {
    throw new Error(`unknown check '${name}'; available: ${Object.keys(CHECKS).join(', ')}`);
  }
  const findings = check();
  for (const { file, line, message } of findings) console.log(`${file}:${line}: ${message}`);
  console.log(`${name}: ${findings.length === 0 ? 'no findings' : `${findings.length} findings`}`);
  if (findings.length > 0) process.exitCode = 1;
}
