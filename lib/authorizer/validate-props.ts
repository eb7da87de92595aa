import type { Duration } from 'aws-cdk-lib';
import { RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { z } from 'zod';
import { assertDuration, assertUrl, assertValid } from '../validation/prop-checks';
import { PropError } from '../validation/prop-error';
import { CERTIFICATE } from '../validation/prop-patterns';
import * as values from '../validation/shared-schemas';
import { assertAudience } from './audience';
import type { AuthorizerFunctionProps } from './authorizer-function-props';
import { IntrospectionResponse } from './introspection-response';
import { assertMinting } from './validate-minting';

/** @throws PropError if the authorizer function would reject its configuration at startup. */
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
    'must contain PEM certificates',
  );
  assertValid('issuer', issuer, values.nonEmpty, 'must not be empty');
  assertAudience(audience);
  assertValid('tokenTypes', props.tokenTypes, values.nonEmptyList, values.NON_EMPTY_LIST_RULE);
  const { notBeforeTolerance, introspectionTimeout, cacheMaxTtl, cacheInactiveTtl, cacheTimeout } =
    props;
  const { introspectionTimeoutSeconds } = values;
  assertDuration('introspectionTimeout', introspectionTimeout, 's', introspectionTimeoutSeconds);
  assertDuration('notBeforeTolerance', notBeforeTolerance, 's', values.notBeforeToleranceSeconds);
  assertDuration('cacheMaxTtl', cacheMaxTtl, 's', values.cacheMaxTtlSeconds);
  assertDuration('cacheInactiveTtl', cacheInactiveTtl, 's', values.cacheInactiveTtlSeconds);
  assertDuration('cacheTimeout', cacheTimeout, 'ms', values.cacheTimeoutMilliseconds);
  if (props.tokenCache && props.tokenCacheWarmThroughput) {
    const given = JSON.stringify(props.tokenCacheWarmThroughput);
    throw new PropError(
      `tokenCacheWarmThroughput must not be combined with tokenCache, which has its own, got: ${given}`,
    );
  }
  assertMinting(props, props.introspectionResponse ?? IntrospectionResponse.jwt());
}

/** @throws PropError if the function could not run with these props, or would time out too early. */
export function validateRuntime(
  { runtime, timeout, logGroup, logRetention }: AuthorizerFunctionProps,
  introspectionTimeout: Duration,
): void {
  if (runtime && runtime.family !== RuntimeFamily.NODEJS) {
    throw new PropError(`runtime must be a Node.js runtime, got: ${runtime.name}`);
  }
  if (timeout && timeout.toMilliseconds() <= introspectionTimeout.toMilliseconds()) {
    throw new PropError(
      `timeout must be longer than introspectionTimeout (${introspectionTimeout.toHumanString()}), got: ${timeout.toHumanString()}`,
    );
  }
  if (logGroup && logRetention !== undefined) {
    throw new PropError(
      `logRetention must not be combined with logGroup, which has its own retention, got: ${logRetention}`,
    );
  }
}

/** @throws PropError that names the first invalid parameter, without its value, which can be a secret. */
function assertParameters(parameters: AuthorizerFunctionProps['introspectionParameters']): void {
  for (const [name, value] of Object.entries(parameters ?? {})) {
    assertValid(
      'introspectionParameters',
      name,
      z.unknown().refine(() => values.introspectionParameters.safeParse({ [name]: value }).success),
      'must be strings, and must not contain parameters that the authorizer sets itself',
    );
  }
}
