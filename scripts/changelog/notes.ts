import { UserError } from '../../terminal/user-error';

/**
 * Returns the changelog's section of a version without its heading.
 *
 * @throws UserError if the section is missing or empty.
 */
export function notesOf(version: string, changelog: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  const notes = section
    ?.replace(/^.*\n/, '')
    .replace(/^\[[^\]]+\]: .*$/gm, '')
    .trim();
  if (!notes) throw new UserError(`CHANGELOG.md has no entries for version ${version}`);
  return notes;
}
