import type { Style } from '../../terminal/style';
import { WIDTH, wrap } from '../../terminal/wrap';
import { type Check, STATUSES, type Status } from '../check';

/** Widths of the columns before the text. */
const STATUS_WIDTH = 7;
const NAME_WIDTH = 15;

const COLORS = { ok: 'green', info: 'blue', warn: 'yellow', fault: 'red' } as const;

/**
 * Returns the checks as a table of 80 columns. Words that are longer, such as URLs, are not broken.
 */
export function table(checks: readonly Check[], style: Style): string {
  return [...checks.map((check) => row(check, style)), '', summary(checks)].join('\n');
}

function row({ status, name, message, advice }: Check, style: Style): string {
  const indent = STATUS_WIDTH + NAME_WIDTH;
  const width = WIDTH - indent;
  const lines = [
    ...message.split('\n').flatMap((line) => wrap(line, width)),
    ...(advice === undefined ? [] : wrap(`→ ${advice}`, width, '  ')),
  ];
  const label = status.padEnd(STATUS_WIDTH);
  const head = `${style(COLORS[status], label)}${name.padEnd(NAME_WIDTH)}`;
  return lines.map((line, index) => `${index === 0 ? head : ' '.repeat(indent)}${line}`).join('\n');
}

function summary(checks: readonly Check[]): string {
  const count = (status: Status) => checks.filter((check) => check.status === status).length;
  return [...STATUSES]
    .reverse()
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`)
    .join(', ');
}
