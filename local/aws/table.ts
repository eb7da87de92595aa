import type { CreateTableInput } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { parseProperties, type Resource } from '../template/unsupported';

/** Properties of both kinds of table. Those without effect in local mode are listed with the reason. */
const shared = {
  KeySchema: z
    .array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
    .min(1)
    .max(2),
  AttributeDefinitions: z
    .array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }))
    .min(1),
  // Capacity is not limited here, so only the mode that does not limit it is understood.
  BillingMode: z.literal('PAY_PER_REQUEST'),
  WarmThroughput: z.unknown().optional(),
  TableName: z.string().optional(),
  // DynamoDB deletes expired items days late: never deleting any is within what it promises.
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
  TimeToLiveSpecification: z
    .strictObject({ AttributeName: z.string(), Enabled: z.boolean() })
    .optional(),
};

// They protect a table against loss or theft, of which a table in memory knows nothing.
const protection = {
  DeletionProtectionEnabled: z.boolean().optional(),
  PointInTimeRecoverySpecification: z
    .strictObject({
      PointInTimeRecoveryEnabled: z.boolean(),
      RecoveryPeriodInDays: z.number().optional(),
    })
    .optional(),
  Tags: z.unknown().optional(),
  TableClass: z.enum(['STANDARD', 'STANDARD_INFREQUENT_ACCESS']).optional(),
};

const sseSpecification = z
  .strictObject({
    SSEEnabled: z.boolean(),
    SSEType: z.literal('KMS').optional(),
    KMSMasterKeyId: z.string().optional(),
  })
  .optional();

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
const table = z.strictObject({ ...shared, ...protection, SSESpecification: sseSpecification });

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html */
const globalTable = z.strictObject({
  ...shared,
  SSESpecification: sseSpecification,
  // One replica, the table itself: its region does not matter here.
  Replicas: z.tuple([z.strictObject({ ...protection, Region: z.string() })]),
});

/**
 * Reads an `AWS::DynamoDB::Table`, or an `AWS::DynamoDB::GlobalTable` of one region.
 *
 * @throws NotUnderstoodError when a property is unknown, or asks for what local mode cannot do.
 */
export function readTable(resource: Resource, tableName: string): CreateTableInput {
  const schema = resource.type === 'AWS::DynamoDB::GlobalTable' ? globalTable : table;
  const { KeySchema, AttributeDefinitions, BillingMode } = parseProperties(resource, schema);
  return { TableName: tableName, KeySchema, AttributeDefinitions, BillingMode };
}
