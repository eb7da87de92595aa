import type { CreateTableInput } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { parseProperties, type Resource } from '../template/unsupported';

const keySchema = z
  .array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1)
  .max(2);

const index = {
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.strictObject({
    ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).optional(),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
};

/** Properties of both kinds of table. Those without effect in local mode are listed with the reason. */
const shared = {
  KeySchema: keySchema,
  AttributeDefinitions: z
    .array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }))
    .min(1),
  // Local capacity is not limited, whatever the mode.
  BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).optional(),
  WarmThroughput: z.unknown().optional(),
  GlobalSecondaryIndexes: z.array(z.looseObject(index)).optional(),
  LocalSecondaryIndexes: z.array(z.looseObject(index)).optional(),
  // Streams deliver nothing locally.
  StreamSpecification: z.unknown().optional(),
  TableName: z.string().optional(),
  // DynamoDB deletes expired items days late: never deleting any is within what it promises.
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
  TimeToLiveSpecification: z
    .strictObject({ AttributeName: z.string(), Enabled: z.boolean() })
    .optional(),
};

// They protect a table against loss or theft, limit its capacity, or describe it.
const protection = {
  ContributorInsightsSpecification: z.unknown().optional(),
  KinesisStreamSpecification: z.unknown().optional(),
  ResourcePolicy: z.unknown().optional(),
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
const table = z.strictObject({
  ...shared,
  ...protection,
  SSESpecification: sseSpecification,
  ProvisionedThroughput: z.unknown().optional(),
  OnDemandThroughput: z.unknown().optional(),
  WarmThroughput: z.unknown().optional(),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html */
const globalTable = z.strictObject({
  ...shared,
  SSESpecification: sseSpecification,
  WriteProvisionedThroughputSettings: z.unknown().optional(),
  WriteOnDemandThroughputSettings: z.unknown().optional(),
  WarmThroughput: z.unknown().optional(),
  // One replica, the table itself: its region does not matter here.
  Replicas: z.tuple([
    z.strictObject({
      ...protection,
      Region: z.string(),
      GlobalSecondaryIndexes: z.unknown().optional(),
      ReadProvisionedThroughputSettings: z.unknown().optional(),
      ReadOnDemandThroughputSettings: z.unknown().optional(),
    }),
  ]),
});

/**
 * Reads an `AWS::DynamoDB::Table`, or an `AWS::DynamoDB::GlobalTable` of one region.
 *
 * @throws UnsupportedTemplateError naming an unsupported property.
 */
export function readTable(resource: Resource, tableName: string): CreateTableInput {
  const schema = resource.type === 'AWS::DynamoDB::GlobalTable' ? globalTable : table;
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, LocalSecondaryIndexes } =
    parseProperties(resource, schema);
  return {
    TableName: tableName,
    KeySchema,
    AttributeDefinitions,
    BillingMode: 'PAY_PER_REQUEST',
    ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(read) }),
    ...(LocalSecondaryIndexes && { LocalSecondaryIndexes: LocalSecondaryIndexes.map(read) }),
  };
}

/** Returns an index without the limits of its capacity. */
function read({ IndexName, KeySchema, Projection }: z.infer<z.ZodObject<typeof index>>) {
  const { ProjectionType, NonKeyAttributes } = Projection;
  return {
    IndexName,
    KeySchema,
    Projection: {
      ...(ProjectionType && { ProjectionType }),
      ...(NonKeyAttributes && { NonKeyAttributes }),
    },
  };
}
