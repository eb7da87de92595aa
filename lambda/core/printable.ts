/** Maximum length of quoted text, in characters. */
const MAX_LENGTH = 100;

/** A JWT, or the beginning of one: its header is a JSON object in base64url. */
const JWT = /eyJ[\w-]*(\.[\w-]*)*/g;

/** Text that is safe as it is. */
const PLAIN = /^(?!.*eyJ)[ -~]*$/;

/**
 * Returns text of others for a message or a log: bounded, without JWTs, and with escapes for the characters
 * that could break a line or steer a terminal. A cut is marked by `...`.
 */
export function printable(text: string, maxLength = MAX_LENGTH): string {
  if (text.length <= maxLength && PLAIN.test(text)) return text;
  const safe = text
    .slice(0, maxLength)
    .replace(JWT, '[JWT]')
    .replace(/[^ -~]/g, escaped);
  const isCut = Math.max(text.length, safe.length) > maxLength;
  return isCut ? `${safe.slice(0, maxLength)}...` : safe;
}

/** Escapes a character as JSON can, so that one that cannot be seen shows. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Returns text of others like {@link printable}, but shortened in the middle: a third is from its start, the
 * rest from its end. AWS states the reason of a denied access last.
 */
export function printableEnds(whole: string, maxLength: number): string {
  // Before the cut, which could leave the end of a JWT without its beginning.
  const text = whole.replace(JWT, '[JWT]');
  if (text.length <= maxLength) return printable(text, maxLength);
  const head = Math.floor(maxLength / 3);
  const tail = maxLength - head - 5;
  return `${printable(text.slice(0, head), head)} ... ${printable(text.slice(-tail), tail)}`;
}
