/** Maximum length of quoted text, in characters. */
const MAX_LENGTH = 100;

/** A JWT, or the beginning of one: its header is a JSON object in base64url. */
const JWT = /eyJ[\w-]*(\.[\w-]*)*/g;

/**
 * Returns text of others for a message or a log: bounded, without JWTs, and with escapes for the characters
 * that could break a line or steer a terminal. A cut is marked by `...`.
 */
export function printable(text: string, maxLength = MAX_LENGTH): string {
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
