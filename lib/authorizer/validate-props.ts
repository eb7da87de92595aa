import type { Duration } from 'aws-cdk-lib';
import { RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { z } from 'zod';
import { assertDuration, assertUrl, assertValid } from '../validation/prop-checks';
import { PropError } from '../validation/prop-error';
import { CERTIFICATE } from '../validation/prop-patterns';
import * as values from '../validation/shared-schemas';
import { assertAudience, LIST_RULE } from './audience';
import type { AuthorizerFunctionProps } from './authorizer-function-props';

/** @throws PropError if the function would refuse at its start what it is configured with. */
export function validateProps(props: AuthorizerFunctionProps): void {
  const { introspectionEndpoint, introspectionAccept, jwksUri, issuer, audience } = props;
  assertUrl('introspectionEndpoint', introspectionEndpoint);
  if (jwksUri !== undefined) assertUrl('jwksUri', jwksUri);
  assertValid(
    'introspectionAccept',
    introspectionAccept,
    values.mediaType,
    'must be one media type, such as application/jwt',
  );
  assertParameters(props.introspectionParameters);
  assertValid(
    'caBundle',
    props.caBundle,
    z.string().regex(CERTIFICATE),
    'must hold PEM certificates',
  );
  assertValid('issuer', issuer, values.nonEmpty, 'must not be empty');
  assertAudience(audience);
  assertValid('tokenTypes', props.tokenTypes, values.nonEmptyList, LIST_RULE);
  const { notBeforeTolerance, introspectionTimeout, cacheMaxTtl, cacheInactiveTtl, cacheTimeout } =
    props;
  const { introspectionTimeoutSeconds } = values;
  assertDuration('introspectionTimeout', introspectionTimeout, 's', introspectionTimeoutSeconds);
  assertDuration('notBeforeTolerance', notBeforeTolerance, 's', values.notBeforeToleranceSeconds);
  assertDuration('cacheMaxTtl', cacheMaxTtl, 's', values.cacheMaxTtlSeconds);
  assertDuration('cacheInactiveTtl', cacheInactiveTtl, 's', values.cacheInactiveTtlSeconds);
  assertDuration('cacheTimeout', cacheTimeout, 'ms', values.cacheTimeoutMilliseconds);
}

/** One by one, and without the values, which are none of a log's business. */
function assertParameters(parameters: AuthorizerFunctionProps['introspectionParameters']): void {
  for (const [name, value] of Object.entries(parameters ?? {})) {
    assertValid(
      'introspectionParameters',
      name,
      z.unknown().refine(() => values.introspectionParameters.safeParse({ [name]: value }).success),
      'must be strings by names other than those that the authorizer sets itself',
    );
  }
}

/** @throws PropError if the function could not run so, or not long enough. */
export function validateRuntime(
  { runtime, timeout, logGroup, logRetention }: AuthorizerFunctionProps,
  introspectionTimeout: Duration,
): void {
  if (runtime && runtime.family !== RuntimeFamily.NODEJS) {
    throw new PropError(`runtime must be one of Node.js, but is ${runtime.name}`);
  }
  if (timeout && timeout.toMilliseconds() <= introspectionTimeout.toMilliseconds()) {
    throw new PropError(
      `timeout must be longer than introspectionTimeout (${introspectionTimeout.toHumanString()}), but is ${timeout.toHumanString()}`,
    );
  }
  if (logGroup && logRetention !== undefined) {
    throw new PropError(
      `logRetention must not be given beside logGroup, which has its own, but is ${logRetention}`,
    );
  }
}
