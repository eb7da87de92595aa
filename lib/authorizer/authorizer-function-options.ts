import type { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Architecture, type Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { PropError } from '../validation/prop-error';

/** How the authorizer's Lambda function runs, whatever it is told to do. */
export interface AuthorizerFunctionOptions {
  /**
   * Memory in MiB, 128 to 10,240; CPU grows with it.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * When Lambda ends an invocation. It must be longer than the introspection may take, for the secret,
   * the token cache and a cold start take their time too.
   *
   * @default - ten seconds more than the introspection may take
   */
  readonly timeout?: Duration;

  /**
   * A Node.js runtime, one that AWS supports.
   *
   * @default Runtime.NODEJS_24_X
   */
  readonly runtime?: Runtime;

  /**
   * The bundle holds no native code and runs on either.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * The role that the function takes on. What the function needs is added to it, where the stack may.
   *
   * @default - a role of its own, without managed policies
   */
  readonly role?: IRole;

  /**
   * The VPC whose network the function uses, for an authorization server that only the VPC reaches. The
   * function needs a way from there to DynamoDB and Secrets Manager too: endpoints of the VPC, or NAT.
   *
   * @default - no VPC: the function reaches whatever is on the internet
   */
  readonly vpc?: IVpc;

  /**
   * Which subnets of the VPC.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The function's security groups in the VPC.
   *
   * @default - one of its own, which lets everything out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The customer-managed key of the environment variables, and of whatever is made here: log group, secret
   * and token cache. Those that are given have keys of their own.
   *
   * @default - keys that AWS owns or manages
   */
  readonly encryptionKey?: IKey;

  /**
   * The log group to write to.
   *
   * @default - one of its own
   */
  readonly logGroup?: ILogGroup;

  /**
   * How long the function's logs are kept. Not for a given `logGroup`, which has its own retention.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * How many executions at once are set aside for the function, which are also the most it gets. Requests
   * beyond them are answered as if the authorizer had failed.
   *
   * @default - what the account has unreserved
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * How many execution environments are kept ready, so that their first requests meet no cold start; the
   * least of them where `maxProvisionedConcurrentExecutions` is given. They cost money while idle.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
   */
  readonly provisionedConcurrentExecutions?: number;

  /**
   * Up to how many environments Application Auto Scaling keeps ready as they are used.
   *
   * @default - their number does not change
   */
  readonly maxProvisionedConcurrentExecutions?: number;

  /**
   * The share of the environments kept ready, 0.1 to 0.9, whose use makes Application Auto Scaling add or
   * remove some.
   *
   * @default 0.7
   */
  readonly provisionedConcurrencyUtilization?: number;
}

/** @throws PropError if the function could not run so, or not long enough. */
export function validateRuntime(
  { runtime, timeout, logGroup, logRetention }: AuthorizerFunctionOptions,
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
