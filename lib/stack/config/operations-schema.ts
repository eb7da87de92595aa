import { z } from 'zod';

const concurrency = z.int().min(1);

const provisionedConcurrency = z
  .strictObject({
    min: concurrency,
    max: concurrency.optional(),
    targetUtilization: z.number().min(0.1).max(0.9).optional(),
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
      `must be an id such as ${prefix}-0a1b2c3d`,
    );

const vpc = z.strictObject({
  vpcId: id('vpc'),
  subnetIds: z.array(id('subnet')).min(1),
  securityGroupIds: z.array(id('sg')).min(1).optional(),
});

const topicArn = z
  .string()
  .regex(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/, 'must be the ARN of an SNS topic');

/** How the deployment runs and is watched, whatever it does. */
export const operations = z
  .strictObject({
    memoryMegabytes: z.int().min(128).max(10_240).default(512),
    reservedConcurrency: concurrency.optional(),
    provisionedConcurrency: provisionedConcurrency.optional(),
    vpc: vpc.optional(),
    alarmTopicArn: topicArn.optional(),
    dashboard: z.boolean().default(false),
    logIdentities: z.boolean().default(true),
  })
  .refine(
    ({ reservedConcurrency: reserved, provisionedConcurrency: provisioned }) =>
      reserved === undefined ||
      provisioned === undefined ||
      reserved >= (provisioned.max ?? provisioned.min),
    { path: ['reservedConcurrency'], message: 'must not be less than what is provisioned' },
  )
  .prefault({});
