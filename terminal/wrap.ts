import { stripVTControlCharacters } from 'node:util';

/** Width of output that is wrapped, in characters. */
export const WIDTH = 80;

/** Width below which lines are left to the terminal, in characters. */
const MIN_WIDTH = 40;

/** Returns the width for a terminal in characters; infinite for a file or pipe, in which nothing is shortened. */
export function columnsOf(stream: NodeJS.WriteStream): number {
  if (!stream.isTTY) return Number.POSITIVE_INFINITY;
  return Math.max(stream.columns || WIDTH, MIN_WIDTH);
}

/** Returns a text of at most `length` characters, with "…" in place of its middle if it is longer. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = Math.max(length - 1, 0);
  const start = Math.ceil(kept / 2);
  return `${text.slice(0, start)}…${text.slice(text.length - (kept - start))}`;
}

/**
 * Breaks a line between words, of which longer ones are not broken; continued lines begin with the indent. Colors take no
 * space.
 */
export function wrap(line: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let current = /^ */.exec(line)?.[0] ?? '';
  for (const word of line.split(' ').filter(Boolean)) {
    const isFirst = current.trim() === '';
    if (!isFirst && visibleLength(current) + 1 + visibleLength(word) > width) {
      lines.push(current);
      current = indent + word;
    } else current += isFirst ? word : ` ${word}`;
  }
  return [...lines, current];
}

/** Returns the length of a text without its colors. */
export function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
