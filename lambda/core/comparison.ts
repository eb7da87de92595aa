import { printable } from './printable';

/** The two sides of a check that failed, as text for the log: bounded, printable and without JWTs. */
export interface Comparison {
  /** Never a value that can name a user or client: it is of the configuration, the clock or the route. */
  readonly expected: string;
  readonly received: string;
  /** `true` if the received value can name a user or client, as an audience or scope can. */
  readonly identifying: boolean;
}

type Value = string | number | readonly string[] | undefined;

/** Maximum length of either side, in characters. */
const MAX_LENGTH = 200;

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
  return printable(text, MAX_LENGTH);
}
