import { Resource, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, Grant, type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** Actions with which Lambda manages the network interfaces of a function in a VPC. */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Allows Lambda to connect the function to a VPC, and denies the same actions to the function's code: the
 * condition key `lambda:SourceFunctionArn` is set only in calls from the code. The managed policy is not
 * used, since it also allows writing to every log group.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function grantVpcAccess(role: IRole, stack: Stack): void {
  const anyFunction = stack.formatArn({ service: 'lambda', resource: 'function:*' });
  for (const statement of [
    // The ARNs of the interfaces are not known in advance, and another account can own the subnets.
    new PolicyStatement({ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }),
    new PolicyStatement({
      effect: Effect.DENY,
      actions: [...NETWORK_INTERFACE_ACTIONS, 'ec2:DetachNetworkInterface'],
      resources: ['*'],
      // Wildcard: naming the function here would create a circular dependency.
      conditions: { ArnLike: { 'lambda:SourceFunctionArn': anyFunction } },
    }),
  ]) {
    role.addToPrincipalPolicy(statement);
  }
}

/** Resources that the function uses. */
interface FunctionResources {
  readonly credentials: ISecret;
  readonly tokenCache: ITable;
  readonly logGroup: ILogGroup;
}

/** Allows the function to read the secret, to read and write items of the token cache, and to write its log. */
export function grantResources(
  role: IRole,
  { credentials, tokenCache, logGroup }: FunctionResources,
  stack: Stack,
): void {
  logGroup.grantWrite(role);
  tokenCache.grant(role, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  if (tokenCache.encryptionKey) grantTableKey(tokenCache.encryptionKey, role, stack);
  // grantRead would also allow DescribeSecret.
  Grant.addToPrincipal({
    grantee: role,
    actions: ['secretsmanager:GetSecretValue'],
    resourceArns: secretArnsForPolicies(credentials, stack),
  });
  credentials.encryptionKey?.grantDecrypt(role);
}

/**
 * Allows the function to use the table's customer-managed key, through DynamoDB only.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
function grantTableKey(key: IKey, role: IRole, stack: Stack): void {
  Grant.addToPrincipal({
    grantee: role,
    actions: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    resourceArns: [key.keyArn],
    // The domain of the service name differs between partitions.
    conditions: { StringLike: { 'kms:ViaService': `dynamodb.${stack.region}.*` } },
  });
}

/**
 * Returns the ARNs of a secret for a policy. Secrets Manager appends a hyphen and six random characters
 * to each ARN. This suffix is unknown if the secret is imported by name or partial ARN. It is also
 * unknown if the secret belongs to another account or region and the stacks do not exchange references.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 * @see https://github.com/aws/aws-cdk/issues/12411
 */
function secretArnsForPolicies(secret: ISecret, stack: Stack): string[] {
  const { secretFullArn } = secret;
  const anySuffix = `${secret.secretArn}-??????`;
  if (secretFullArn === undefined) return [anySuffix];
  const { account, region } = Stack.of(secret);
  const isHere = account === stack.account && region === stack.region;
  return isHere || !Resource.isOwnedResource(secret) ? [secretFullArn] : [secretFullArn, anySuffix];
}

/**
 * Allows CloudWatch Logs to use a key for the log groups of the stack's account and region.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function grantLogsKey(key: IKey, stack: Stack): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
      actions: [
        'kms:Decrypt*',
        'kms:Describe*',
        'kms:Encrypt*',
        'kms:GenerateDataKey*',
        'kms:ReEncrypt*',
      ],
      resources: ['*'],
      // Wildcard: naming the log group here would create a circular dependency.
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
            service: 'logs',
            resource: 'log-group:*',
          }),
        },
      },
    }),
  );
}
