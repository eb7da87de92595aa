import type { Duration } from 'aws-cdk-lib';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type BundleName, bundleDirectory } from './bundle-directory';

interface BundledFunctionOptions {
  readonly bundle: BundleName;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
}

/**
 * Creates a small function of this package. Its role allows only to write its logs: the managed policy
 * AWSLambdaBasicExecutionRole would allow writing to every log group of the account.
 */
export function createBundledFunction(
  scope: Construct,
  { bundle, ...options }: BundledFunctionOptions,
): LambdaFunction {
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  return new LambdaFunction(scope, 'Function', {
    ...options,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(bundleDirectory(bundle)),
    memorySize: 256,
    loggingFormat: LoggingFormat.JSON,
    logGroup,
    role,
  });
}
