/** A commit, as `git log` prints it. */
export interface Commit {
  readonly subject: string;
  readonly body: string;
}

/** Titles of the changelog by the types of commits that users notice. */
const TITLES: Readonly<Record<string, string>> = {
  feat: 'Added',
  perf: 'Changed',
  revert: 'Changed',
  fix: 'Fixed',
};

/** Titles in the order of the changelog. */
const ORDER = ['Breaking changes', 'Added', 'Changed', 'Fixed'];

/**
 * Returns commits as a section of the changelog, grouped by type. Breaking changes are listed apart.
 * Commits of other types, or without one, are left out.
 *
 * @see https://www.conventionalcommits.org/en/v1.0.0/#specification
 */
export function changelogOf(commits: readonly Commit[]): string {
  const entries = commits.flatMap(entryOf);
  return ORDER.map((title) => [title, entries.filter((entry) => entry.title === title)] as const)
    .filter(([, group]) => group.length > 0)
    .map(([title, group]) => `### ${title}\n\n${group.map(({ line }) => `${line}\n`).join('')}`)
    .join('\n');
}

function entryOf({ subject, body }: Commit): { title: string; line: string }[] {
  const match = /^(\w+)(?:\(([^)]+)\))?(!?): (.+)$/.exec(subject);
  if (match === null) return [];
  const [, type = '', scope, mark, description] = match;
  const note = /^BREAKING[ -]CHANGE: ([\s\S]+?)(?:\n\n|$(?![\s\S]))/m
    .exec(body)?.[1]
    ?.replace(/\s+/g, ' ');
  const title = mark === '!' || note ? 'Breaking changes' : TITLES[type];
  if (title === undefined) return [];
  const prefix = scope === undefined ? '' : `**${scope}**: `;
  return [{ title, line: `- ${prefix}${note?.trim() || description}` }];
}
