import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCommand, runCommand } from '../../terminal/command';
import { type Commit, changelogOf } from './commits';
import { notesOf } from './notes';

const root = join(__dirname, '..', '..');

const program = createCommand('changelog', 'Prints a draft of the changelog since the last tag.')
  .option('--notes <version>', "prints the changelog's section of a version instead")
  .action(({ notes }: { readonly notes?: string }) =>
    console.log(
      notes === undefined
        ? changelogOf(commitsSinceLastTag())
        : notesOf(notes, readFileSync(join(root, 'CHANGELOG.md'), 'utf8')),
    ),
  );
void runCommand(program, process.argv.slice(2));

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
