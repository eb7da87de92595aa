import { Resource, Stack } from 'aws-cdk-lib';
import { Effect, Grant, type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** Network interfaces are Lambda's to manage, by the function's role. */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lets Lambda connect the function to a VPC, and denies its own code the same: Lambda names the function
 * in the calls of its code only. Not the managed policy, which also lets it write to every log group.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function grantVpcAccess(role: IRole, stack: Stack): void {
  const anyFunction = stack.formatArn({ service: 'lambda', resource: 'function:*' });
  for (const statement of [
    // Interfaces have no names beforehand, and subnets may be shared by another account.
    new PolicyStatement({ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }),
    new PolicyStatement({
      effect: Effect.DENY,
      actions: [...NETWORK_INTERFACE_ACTIONS, 'ec2:DetachNetworkInterface'],
      resources: ['*'],
      // Any function: one that waits for its role cannot be named in it.
      conditions: { ArnLike: { 'lambda:SourceFunctionArn': anyFunction } },
    }),
  ]) {
    role.addToPrincipalPolicy(statement);
  }
}

/**
 * Lets the function use a table's own key, through DynamoDB only.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export function grantTableKey(key: IKey, role: IRole, stack: Stack): void {
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
    // The end of the name differs between partitions.
    conditions: { StringLike: { 'kms:ViaService': `dynamodb.${stack.region}.*` } },
  });
}

/**
 * Returns the ARNs by which a policy names a secret. Secrets Manager ends each ARN with a hyphen and six
 * random characters. They are not known of a secret that is imported by name or partial ARN. Of a secret of
 * another account or region they are known only where the stacks exchange references.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 * @see https://github.com/aws/aws-cdk/issues/12411
 */
export function secretArnsForPolicies(secret: ISecret, stack: Stack): string[] {
  const { secretFullArn } = secret;
  const anySuffix = `${secret.secretArn}-??????`;
  if (secretFullArn === undefined) return [anySuffix];
  const { account, region } = Stack.of(secret);
  const isHere = account === stack.account && region === stack.region;
  return isHere || !Resource.isOwnedResource(secret) ? [secretFullArn] : [secretFullArn, anySuffix];
}

/**
 * Lets CloudWatch Logs use a key for the log groups of the stack's account and region.
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
      // Any group: one that waits for its key cannot be named in it.
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
