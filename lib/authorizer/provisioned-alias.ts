import { Token } from 'aws-cdk-lib';
import { Alias, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { DEFAULTS } from '../validation/defaults';
import { assertProp, PropError } from '../validation/prop-error';
import type { AuthorizerFunctionProps } from './authorizer-function-props';

/**
 * Adds an alias with provisioned concurrency for the function's current version, if the props configure
 * it. API Gateway calls the version; Lambda serves it from the environments of the alias that points to
 * it. If the version itself had provisioned concurrency, its environments would still cost money after an
 * update, since the version is retained.
 *
 * @throws PropError if the concurrency props contradict each other.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 * @see https://github.com/localstack/localstack/pull/12592
 * @see https://github.com/aws/aws-cdk/pull/8883
 */
export function addProvisionedAlias(
  handler: LambdaFunction,
  props: AuthorizerFunctionProps,
): Alias | undefined {
  const { provisionedConcurrentExecutions: ready, maxProvisionedConcurrentExecutions: max } = props;
  validateConcurrency(props);
  if (ready === undefined) return undefined;
  const alias = new Alias(handler, 'Live', {
    aliasName: 'live',
    description: 'Provisioned concurrency of the version that API Gateway calls',
    version: handler.currentVersion,
    provisionedConcurrentExecutions: ready,
  });
  if (max !== undefined) {
    alias.addAutoScaling({ minCapacity: ready, maxCapacity: max }).scaleOnUtilization({
      utilizationTarget:
        props.provisionedConcurrencyUtilization ?? DEFAULTS.provisionedConcurrencyUtilization,
    });
  }
  return alias;
}

/** @throws PropError if a concurrency prop is out of bounds or contradicts another. */
function validateConcurrency({
  reservedConcurrentExecutions: reserved = Number.POSITIVE_INFINITY,
  provisionedConcurrentExecutions: ready,
  maxProvisionedConcurrentExecutions: max,
  provisionedConcurrencyUtilization: utilization,
}: AuthorizerFunctionProps): void {
  if (ready !== undefined && ready < 1) {
    throw new PropError(`provisionedConcurrentExecutions must be at least 1, got: ${ready}`);
  }
  if (max !== undefined && (ready === undefined || max < ready)) {
    throw new PropError(
      `maxProvisionedConcurrentExecutions must be at least provisionedConcurrentExecutions, got: ${max} and ${ready}`,
    );
  }
  if (utilization !== undefined && max === undefined) {
    throw new PropError(
      `provisionedConcurrencyUtilization requires maxProvisionedConcurrentExecutions, got: ${utilization}`,
    );
  }
  const known = utilization !== undefined && !Token.isUnresolved(utilization);
  assertProp(
    'provisionedConcurrencyUtilization',
    utilization,
    'must be between 0.1 and 0.9',
    !known || (utilization >= 0.1 && utilization <= 0.9),
  );
  const most = max ?? ready ?? 0;
  if (most > reserved) {
    throw new PropError(
      `reservedConcurrentExecutions must be at least the provisioned concurrency (${most}), got: ${reserved}`,
    );
  }
}
