import { z } from 'zod';
import { DEFAULTS } from '../../validation/defaults';

const concurrency = z.int().min(1);

const provisionedConcurrency = z
  .strictObject({
    min: concurrency.meta({ description: 'Execution environments that are always ready.' }),
    max: concurrency.optional().meta({
      description: 'Execution environments up to which Application Auto Scaling goes.',
      whenAbsent: '`min`: their number is fixed',
    }),
    targetUtilization: z
      .number()
      .min(0.1)
      .max(0.9)
      .optional()
      .meta({
        description: 'Utilization that Application Auto Scaling maintains; needs `max`.',
        whenAbsent: `\`${DEFAULTS.provisionedConcurrencyUtilization}\``,
      }),
  })
  .refine(({ min, max = min }) => max >= min, {
    path: ['max'],
    message: 'must not be less than min',
  })
  .refine(({ max, targetUtilization }) => max !== undefined || targetUtilization === undefined, {
    path: ['targetUtilization'],
    message: 'has no effect without max',
  });

const id = (prefix: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`),
      `must be an ID such as ${prefix}-0a1b2c3d`,
    );

const vpc = z.strictObject({
  vpcId: id('vpc').meta({
    description: 'ID of the VPC.',
    valueType: 'an ID such as "vpc-0a1b2c3d"',
  }),
  subnetIds: z.array(id('subnet')).min(1).meta({ description: 'IDs of the function’s subnets.' }),
  securityGroupIds: z.array(id('sg')).min(1).optional().meta({
    description: 'IDs of the function’s security groups.',
    whenAbsent: 'a new security group',
  }),
});

const topicArn = z
  .string()
  .regex(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/, 'must be the ARN of an SNS topic');

const keyArn = z
  .string()
  .regex(
    /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
    'must be the ARN of a KMS key',
  );

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

const throttle = z.strictObject({
  rateLimit: z.number().positive().meta({ description: 'Requests per second.' }),
  burstLimit: z.int().min(1).meta({ description: 'Requests that can arrive at once.' }),
});

/** Section `operations` of the deployment config. */
export const operationsSchema = z
  .strictObject({
    memoryMegabytes: z.int().min(128).max(10_240).default(DEFAULTS.memoryMegabytes).meta({
      description: 'Memory of the function in MiB; its CPU share grows with it.',
    }),
    reservedConcurrency: concurrency.optional().meta({
      description: 'Reserved concurrency of the function, which is also its maximum.',
      whenAbsent: 'the unreserved concurrency of the account',
    }),
    provisionedConcurrency: provisionedConcurrency.optional().meta({
      description: 'Provisioned concurrency, against cold starts.',
      whenAbsent: 'none',
      details: 'Provisioned execution environments cost money while they are idle.',
    }),
    vpc: vpc.optional().meta({
      description: 'VPC of the function, for a private authorization server.',
      whenAbsent: 'no VPC',
      details: 'The function needs more there: see [VPC](operations.md#vpc).',
    }),
    alarmTopicArn: topicArn.optional().meta({
      description: 'SNS topic for alarms.',
      valueType: 'the ARN of an SNS topic',
      whenAbsent: 'no alarms',
      details: '[Alarms](operations.md#alarms) lists them.',
    }),
    dashboard: z
      .boolean()
      .default(false)
      .meta({ description: 'CloudWatch dashboard and saved queries.' }),
    logRetentionDays: z
      .int()
      .min(1)
      .refine((days) => RETENTION_DAYS.includes(days), {
        message: `must be a retention of CloudWatch Logs: ${RETENTION_DAYS.join(', ')}`,
      })
      .default(DEFAULTS.logRetentionDays)
      .meta({ description: 'Retention of the function’s log and the access log, in days.' }),
    encryptionKeyArn: keyArn.optional().meta({
      description: 'KMS key for all that is stored.',
      valueType: 'the ARN of a KMS key',
      whenAbsent: 'keys of AWS',
      details:
        'It encrypts the logs of the authorizer and of access, the secrets that the stack makes, the token cache and the environment variables of the authorizer. Its policy must let CloudWatch Logs use it: see [Keys](operations.md#keys).',
    }),
    throttle: throttle.optional().meta({
      description: 'Throttling of the stage: other requests get 429.',
      whenAbsent: 'the limits of the account',
    }),
    runbookUrl: z
      .url({ protocol: /^https$/ })
      .regex(/^[^#]*$/, 'must not have a fragment')
      .optional()
      .meta({
        description: 'Your runbook, for alarms and the dashboard.',
        valueType: 'an https: URL',
        whenAbsent: 'they name sections of operations.md',
        details:
          'The fragment of a section of [operations](operations.md) is appended, such as `#every-request-gets-503`.',
      }),
    logIdentities: z.boolean().default(DEFAULTS.logIdentities).meta({
      description: 'Identities of clients and users in logs.',
      details:
        'Identities are the `sub` and `client_id` of tokens, the audiences and scopes of denied ones, and the URLs of denied DPoP proofs. They are in the logs of the function and in access logs.',
    }),
  })
  .refine(
    ({ reservedConcurrency: reserved, provisionedConcurrency: provisioned }) =>
      reserved === undefined ||
      provisioned === undefined ||
      reserved >= (provisioned.max ?? provisioned.min),
    {
      path: ['reservedConcurrency'],
      message: 'must not be less than the provisioned concurrency',
    },
  )
  .prefault({});
