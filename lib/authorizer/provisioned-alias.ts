import { Token } from 'aws-cdk-lib';
import { Alias, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { DEFAULTS } from '../validation/defaults';
import { assertProp, PropError } from '../validation/prop-error';
import type { AuthorizerFunctionOptions } from './authorizer-function-options';

/**
 * Adds an alias that keeps execution environments of the function's current version ready, if the options
 * ask for any. A version shares them with the alias that points to it, so that API Gateway, which names the
 * version, is served by them. On the version itself they would be stranded, and paid for, when the version
 * is retained after an update.
 *
 * @throws PropError if the numbers do not go together.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 * @see https://github.com/localstack/localstack/pull/12592
 * @see https://github.com/aws/aws-cdk/pull/8883
 */
export function addProvisionedAlias(
  handler: LambdaFunction,
  options: AuthorizerFunctionOptions,
): Alias | undefined {
  const { provisionedConcurrentExecutions: ready, maxProvisionedConcurrentExecutions: max } =
    options;
  validateConcurrency(options);
  if (ready === undefined) return undefined;
  const alias = new Alias(handler, 'Live', {
    aliasName: 'live',
    description: 'Keeps execution environments ready for the version that API Gateway calls',
    version: handler.currentVersion,
    provisionedConcurrentExecutions: ready,
  });
  if (max !== undefined) {
    alias.addAutoScaling({ minCapacity: ready, maxCapacity: max }).scaleOnUtilization({
      utilizationTarget:
        options.provisionedConcurrencyUtilization ?? DEFAULTS.provisionedConcurrencyUtilization,
    });
  }
  return alias;
}

function validateConcurrency({
  reservedConcurrentExecutions: reserved = Number.POSITIVE_INFINITY,
  provisionedConcurrentExecutions: ready,
  maxProvisionedConcurrentExecutions: max,
  provisionedConcurrencyUtilization: utilization,
}: AuthorizerFunctionOptions): void {
  if (ready !== undefined && ready < 1) {
    throw new PropError(`provisionedConcurrentExecutions must be at least 1, but is ${ready}`);
  }
  if (max !== undefined && (ready === undefined || max < ready)) {
    throw new PropError(
      `maxProvisionedConcurrentExecutions must not be less than provisionedConcurrentExecutions, but is ${max} and ${ready}`,
    );
  }
  if (utilization !== undefined && max === undefined) {
    throw new PropError(
      `provisionedConcurrencyUtilization has no effect without maxProvisionedConcurrentExecutions, but is ${utilization}`,
    );
  }
  const known = utilization !== undefined && !Token.isUnresolved(utilization);
  assertProp(
    'provisionedConcurrencyUtilization',
    utilization,
    'must be 0.1 to 0.9',
    !known || (utilization >= 0.1 && utilization <= 0.9),
  );
  const most = max ?? ready ?? 0;
  if (most > reserved) {
    throw new PropError(
      `reservedConcurrentExecutions must not be less than what is provisioned (${most}), but is ${reserved}`,
    );
  }
}
