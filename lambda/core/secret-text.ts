import type { JsonObject } from './json';

/**
 * Returns the text of a secret: its string, or its binary value as UTF-8. A byte order mark is removed,
 * since JSON parsers reject it.
 *
 * @param response response of `GetSecretValue`, in which the binary value is base64.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 */
export function secretText({ SecretString: text, SecretBinary: binary }: JsonObject): string {
  if (typeof text === 'string') return text.replace(/^\uFEFF/, '');
  if (typeof binary !== 'string') return '';
  return Buffer.from(binary, 'base64')
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
