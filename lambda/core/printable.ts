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
