import { z } from 'zod';
import { parseProperties, type Resource } from '../template/unsupported';

/** Lambda function, as local mode runs it. */
export interface FunctionDefinition {
  readonly arn: string;
  readonly name: string;
  /** Number of the published version. Absent if the function is not published. */
  readonly version?: string;
  readonly runtime: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  /** Memory that is reported to the function and not enforced. */
  readonly memoryMegabytes: number;
  readonly logGroupName: string;
  /** Directory of the bundle, the function's `/var/task`. */
  readonly assetDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Variables that a deployment must not set.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const RESERVED_VARIABLES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

const variableName = z
  .string()
  .refine((name) => !RESERVED_VARIABLES.has(name), { error: 'is reserved by Lambda' });

/**
 * Supported properties, with CloudFormation's defaults. Properties that matter in AWS only (role, code
 * location, tracing, retention) are accepted and have no effect.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
 */
const functionProperties = z.strictObject({
  Runtime: z.string().regex(/^nodejs\d+\.x$/, 'must be a Node.js runtime'),
  Handler: z.string(),
  Timeout: z.number().int().min(1).max(900).default(3),
  MemorySize: z.number().int().min(128).max(10_240).default(128),
  Environment: z
    .strictObject({ Variables: z.record(variableName, z.string()).default({}) })
    .default({ Variables: {} }),
  LoggingConfig: z
    .strictObject({
      LogGroup: z.string().optional(),
      LogFormat: z.enum(['Text', 'JSON']).optional(),
      ApplicationLogLevel: z.string().optional(),
      SystemLogLevel: z.string().optional(),
    })
    .default({}),
  FunctionName: z.string().optional(),
  Description: z.string().optional(),
  Architectures: z.array(z.enum(['arm64', 'x86_64'])).optional(),
  PackageType: z.literal('Zip').optional(),
  ReservedConcurrentExecutions: z.number().int().optional(),
  TracingConfig: z.strictObject({ Mode: z.enum(['Active', 'PassThrough']) }).optional(),
  // They matter to asynchronous invocations, to deployments, or to the file system.
  CodeSigningConfigArn: z.unknown().optional(),
  DeadLetterConfig: z.unknown().optional(),
  EphemeralStorage: z.unknown().optional(),
  RecursiveLoop: z.unknown().optional(),
  RuntimeManagementConfig: z.unknown().optional(),
  SnapStart: z.unknown().optional(),
  Code: z.unknown().optional(),
  Role: z.unknown().optional(),
  KmsKeyArn: z.unknown().optional(),
  VpcConfig: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

/**
 * Reads an `AWS::Lambda::Function`.
 *
 * @param arn ARN of the function, which ends with its name.
 * @param assetDirectory directory of the code, which replaces `Code`.
 * @throws UnsupportedTemplateError naming an unsupported property.
 */
export function readFunction(
  resource: Resource,
  arn: string,
  assetDirectory: string,
): FunctionDefinition {
  const properties = parseProperties(resource, functionProperties);
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  return {
    arn,
    name,
    runtime: properties.Runtime,
    handler: properties.Handler,
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
    logGroupName: properties.LoggingConfig.LogGroup ?? `/aws/lambda/${name}`,
    assetDirectory,
    environment: properties.Environment.Variables,
  };
}
