import { type Duration, Token } from 'aws-cdk-lib';
import type { z } from 'zod';
import { assertProp } from './prop-error';
import * as values from './shared-schemas';

// Props that are also keys of the config file share its schemas. CDK tokens are not validated.

const url = values.url(true);
const baseUrl = values.baseUrl(true);

/** @throws PropError if the value is present and does not match the schema. */
export function assertValid(prop: string, value: unknown, schema: z.ZodType, rule: string): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  assertProp(prop, value, rule, schema.safeParse(value).success);
}

/** @throws PropError unless the value is an `https:` URL, or an `http:` URL with a loopback host. */
export function assertUrl(prop: string, value: string): void {
  if (Token.isUnresolved(value)) return;
  const { error } = url.safeParse(value);
  const issue = error?.issues.find(({ code }) => code === 'custom');
  // The output of synthesis can be logged, so credentials in the URL are removed.
  const shown = String(value).replace(/\/\/.*@/, '//…@');
  assertProp(prop, shown, issue?.message ?? 'must be an https: URL', error === undefined);
}

/** @throws PropError unless the value is absent, or a list of one or more base URLs for clients. */
export function assertBaseUrls(prop: string, urls: readonly string[] | undefined): void {
  const rule = 'must be a list of https: URLs without query, fragment and trailing slash';
  if (urls === undefined || Token.isUnresolved(urls)) return;
  assertProp(prop, urls, rule, urls.length > 0);
  for (const it of urls) assertValid(prop, it, baseUrl, rule);
}

/** Units of durations. */
const UNITS = {
  d: { name: 'days', milliseconds: 86_400_000 },
  s: { name: 'seconds', milliseconds: 1000 },
  ms: { name: 'milliseconds', milliseconds: 1 },
} as const;

/** @throws PropError if the duration is present and outside the bounds of the schema. */
export function assertDuration(
  prop: string,
  duration: Duration | undefined,
  unit: keyof typeof UNITS,
  schema: z.ZodNumber,
): void {
  if (duration === undefined || duration.isUnresolved()) return;
  const milliseconds = duration.toMilliseconds({ integral: false });
  const { name: unitName, milliseconds: length } = UNITS[unit];
  const value = milliseconds / length;
  const { minValue, maxValue } = schema;
  const isInclusive = schema.safeParse(minValue).success;
  const bounds = isInclusive
    ? `between ${minValue} and ${maxValue}`
    : `more than ${minValue} and at most ${maxValue}`;
  assertProp(prop, value, `must be ${bounds} ${unitName}`, schema.safeParse(value).success);
}
