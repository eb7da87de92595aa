/** Maximum length of quoted text, in characters. */
const MAX_LENGTH = 100;

/**
 * Returns text of others for a message or a log: bounded, and without characters that could break a line or
 * steer a terminal.
 */
export function printable(text: string, maxLength = MAX_LENGTH): string {
  const safe = text.slice(0, maxLength).replace(/[^\x20-\x7e]/g, '?');
  return text.length > maxLength ? `${safe}...` : safe;
}

/**
 * Returns text of others like {@link printable}, but shortened in the middle: a third is from its start, the
 * rest from its end. AWS states the reason of a denied access last.
 */
export function printableEnds(text: string, maxLength: number): string {
  if (text.length <= maxLength) return printable(text, maxLength);
  const head = Math.floor(maxLength / 3);
  const tail = maxLength - head - 5;
  return `${printable(text.slice(0, head), head)} ... ${printable(text.slice(-tail), tail)}`;
}
