import { type Duration, Token } from 'aws-cdk-lib';
import type { z } from 'zod';
import { assertProp } from './prop-error';
import * as values from './shared-schemas';

/** Props that the config file has too keep its rules. What is known at the deployment only passes. */

/** @throws PropError unless the value, where there is one, is as the schema has it. */
export function assertValid(prop: string, value: unknown, schema: z.ZodType, rule: string): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  assertProp(prop, value, rule, schema.safeParse(value).success);
}

/** @throws PropError unless the deployment can call the URL; `http:` is for loopback hosts. */
export function assertUrl(prop: string, value: string): void {
  if (Token.isUnresolved(value)) return;
  const { error } = values.url(true).safeParse(value);
  const issue = error?.issues.find(({ code }) => code === 'custom');
  // Synthesis may be logged, where a password must not stand.
  const shown = String(value).replace(/\/\/.*@/, '//…@');
  assertProp(prop, shown, issue?.message ?? 'must be an https: URL', error === undefined);
}

/** @throws PropError unless the duration, where there is one, is within the schema's bounds. */
export function assertDuration(
  prop: string,
  duration: Duration | undefined,
  unit: 's' | 'ms',
  schema: z.ZodNumber,
): void {
  if (duration === undefined || duration.isUnresolved()) return;
  const milliseconds = duration.toMilliseconds({ integral: false });
  const value = unit === 's' ? milliseconds / 1000 : milliseconds;
  const { minValue, maxValue } = schema;
  const above = minValue !== null && schema.safeParse(minValue).success ? '' : 'more than ';
  assertProp(
    prop,
    `${value} ${unit}`,
    `must be ${above}${minValue} to ${maxValue} ${unit}`,
    schema.safeParse(value).success,
  );
}
