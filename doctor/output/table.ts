import { type Check, STATUSES, type Status } from '../check';

/** Width of the table, in characters. */
const WIDTH = 80;

/** Widths of the columns before the text. */
const STATUS_WIDTH = 7;
const NAME_WIDTH = 15;

/** Color codes of terminals. @see https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ */
const COLORS = { ok: 32, info: 34, warn: 33, fault: 31 } as const;

/**
 * Returns the checks as a table of 80 columns. Words that are longer, such as URLs, are not broken.
 *
 * @param colored `true` for a terminal that shows colors.
 */
export function table(checks: readonly Check[], colored: boolean): string {
  return [...checks.map((check) => row(check, colored)), '', summary(checks)].join('\n');
}

function row({ status, name, message, advice }: Check, colored: boolean): string {
  const indent = STATUS_WIDTH + NAME_WIDTH;
  const width = WIDTH - indent;
  const lines = [
    ...message.split('\n').flatMap((line) => wrap(line, width)),
    ...(advice === undefined ? [] : wrap(`→ ${advice}`, width, '  ')),
  ];
  const label = status.padEnd(STATUS_WIDTH);
  const head = `${colored ? `\u001b[${COLORS[status]}m${label}\u001b[39m` : label}${name.padEnd(NAME_WIDTH)}`;
  return lines.map((line, index) => `${index === 0 ? head : ' '.repeat(indent)}${line}`).join('\n');
}

/** Breaks a line between words; continued lines begin with the indent. */
function wrap(line: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let current = /^ */.exec(line)?.[0] ?? '';
  for (const word of line.split(' ').filter(Boolean)) {
    const isFirst = current.trim() === '';
    if (!isFirst && current.length + 1 + word.length > width) {
      lines.push(current);
      current = indent + word;
    } else current += isFirst ? word : ` ${word}`;
  }
  return [...lines, current];
}

function summary(checks: readonly Check[]): string {
  const count = (status: Status) => checks.filter((check) => check.status === status).length;
  return [...STATUSES]
    .reverse()
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`)
    .join(', ');
}
