import { Token } from 'aws-cdk-lib';
import { Alias, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { AuthorizerFunctionOptions } from './authorizer-function-options';
import { assertProp, PropError } from './prop-error';

/**
 * An alias of the function's current version, with execution environments kept ready: Lambda has none for
 * the function itself.
 *
 * @throws PropError if the numbers do not go together.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 */
export function addProvisionedAlias(
  handler: LambdaFunction,
  options: AuthorizerFunctionOptions,
): Alias | undefined {
  const { provisionedConcurrentExecutions: ready, maxProvisionedConcurrentExecutions: max } =
    options;
  assertGoTogether(options);
  if (ready === undefined) return undefined;
  const alias = new Alias(handler, 'Live', {
    aliasName: 'live',
    description: 'What API Gateway calls: the version with execution environments kept ready',
    version: handler.currentVersion,
    provisionedConcurrentExecutions: ready,
  });
  if (max !== undefined) {
    alias
      .addAutoScaling({ minCapacity: ready, maxCapacity: max })
      .scaleOnUtilization({ utilizationTarget: options.provisionedConcurrencyUtilization ?? 0.7 });
  }
  return alias;
}

function assertGoTogether({
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
