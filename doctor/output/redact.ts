import { parseJsonObject } from '../../lambda/core/json';
import type { Check } from '../check';

/** Minimum length of a value that is searched for; shorter ones are part of other words. */
const MIN_LENGTH = 8;

/** Replaces secrets and tokens in checks. No check contains them; this guards against a defect. */
export function redact(checks: readonly Check[], confidential: readonly string[]): Check[] {
  const values = confidential.filter(({ length }) => length >= MIN_LENGTH);
  const clean = (text: string) => values.reduce((it, value) => it.replaceAll(value, '***'), text);
  return checks.map(({ message, advice, ...check }) => ({
    ...check,
    message: clean(message),
    ...(advice !== undefined && { advice: clean(advice) }),
  }));
}

/** Returns the members of the secret that are confidential. */
export function confidentialMembers(secret: string | undefined): string[] {
  const { client_id: _, key_id: __, ...members } = parseJsonObject(secret ?? '') ?? {};
  return Object.values(members).filter((value) => typeof value === 'string');
}
