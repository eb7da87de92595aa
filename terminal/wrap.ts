import { stripVTControlCharacters } from 'node:util';

/** Width of output that is wrapped, in characters. */
export const WIDTH = 80;

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

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
