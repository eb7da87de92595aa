import { decode } from '../../pipeline/router';
import type { HeaderField } from '../../request/message';

/** The last value of each name. The casing of names is kept: `X-A` and `x-a` are two members. */
export function lastValues(fields: readonly HeaderField[]): Record<string, string> {
  return Object.fromEntries(fields);
}

/** All values of each name, in order. */
export function allValues(fields: readonly HeaderField[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

/** All values of each name, joined with commas as payload format 2.0 does. */
export function joinedValues(fields: readonly HeaderField[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(allValues(fields)).map(([name, values]) => [name, values.join(',')]),
  );
}

/** The parameters of a query string, decoded. */
export function queryFields(query: string): readonly HeaderField[] {
  return [...new URLSearchParams(query)];
}

/**
 * "API Gateway decodes URL-encoded request parameters before passing them to your backend
 * integration."
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function decodedParameters(
  pathParameters: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pathParameters).map(([name, value]) => [name, decode(value)]),
  );
}

/** Events hold `null` where an integration has no members to tell of. */
export function orNull<Members extends object>(members: Members): Members | null {
  return Object.keys(members).length > 0 ? members : null;
}
