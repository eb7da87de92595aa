/** The two sides of a check that failed, as text for the log: bounded, printable and without JWTs. */
export interface Comparison {
  readonly expected: string;
  readonly received: string;
  /** `true` if the received value can name a user or client, as an audience or scope can. */
  readonly identifying: boolean;
}

type Value = string | number | readonly string[] | undefined;

/** Maximum length of either side, in characters; what is cut off is marked by `...`. */
const MAX_LENGTH = 200;

/** A JWT, or the beginning of one: its header is a JSON object in base64url. */
const JWT = /eyJ[\w-]*(\.[\w-]*)*/g;

/** Returns the comparison of what a check expects with what the authorization server stated. */
export function compare(expected: Value, received: Value): Comparison {
  return { expected: loggable(expected), received: loggable(received), identifying: false };
}

/** Returns the same for claims whose values can name a user or client. */
export function compareIdentifying(expected: Value, received: Value): Comparison {
  return { ...compare(expected, received), identifying: true };
}

function loggable(value: Value): string {
  if (value === undefined) return '(absent)';
  const text = typeof value === 'object' ? value.join(' ') : String(value);
  if (text === '') return '(empty)';
  const printable = text
    .slice(0, MAX_LENGTH)
    .replace(JWT, '[JWT]')
    .replace(/[^ -~]/g, escaped);
  const isCut = Math.max(text.length, printable.length) > MAX_LENGTH;
  return isCut ? `${printable.slice(0, MAX_LENGTH)}...` : printable;
}

/** Escapes a character as JSON can, so that one that cannot be seen shows. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
