import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Commit, changelogOf } from './commits';
import { notesOf } from './notes';

const root = join(__dirname, '..', '..');

/**
 * Prints a draft of the changelog from the commits since the last tag. With `--notes VERSION`, prints
 * the changelog's section of a version.
 */
const [option, version] = process.argv.slice(2);
if (option === '--notes' && version !== undefined) {
  console.log(notesOf(version, readFileSync(join(root, 'CHANGELOG.md'), 'utf8')));
} else if (option === undefined) {
  console.log(changelogOf(commitsSinceLastTag()));
} else {
  throw new Error(`usage: npm run changelog [-- --notes VERSION], got: ${option}`);
}

function commitsSinceLastTag(): Commit[] {
  const [tag] = git('tag', '--list', 'v*', '--merged', 'HEAD', '--sort=-v:refname').split('\n');
  const range = tag ? [`${tag}..HEAD`] : [];
  return git('log', '--no-merges', '--reverse', '-z', '--format=%s%n%b', ...range)
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [subject = '', ...body] = entry.split('\n');
      return { subject, body: body.join('\n').trim() };
    });
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
}
