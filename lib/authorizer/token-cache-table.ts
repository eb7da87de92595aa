import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  Table,
  type TableProps,
  type WarmThroughput,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { TokenCacheAttribute } from '../../lambda/contract';
import { acknowledge } from '../cdk/nag-suppressions';
import { assertValid } from '../validation/prop-checks';
import * as values from '../validation/shared-schemas';

/** Props of the token cache: name, encryption, warm throughput and removal policy. */
export interface TokenCacheTableProps
  extends Pick<TableProps, 'tableName' | 'encryption' | 'encryptionKey'> {
  /**
   * Policy for the table when it is removed from the stack.
   *
   * @default RemovalPolicy.DESTROY - the table is a cache; its contents can be recreated
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Throughput that the table can take at once: at least 12,000 read units and 4,000 write units a second.
   * Raising it costs money once; AWS does not lower it.
   *
   * @default - 12,000 read units and 4,000 write units, and what the table has grown to
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
   */
  readonly warmThroughput?: WarmThroughput;
}

/**
 * DynamoDB table of the token cache: one sealed item for each access token, shared by all execution
 * environments of the authorizer.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export class TokenCacheTable extends Table {
  /** @throws PropError if the warm throughput is less than that of a new table. */
  constructor(scope: Construct, id: string, props: TokenCacheTableProps = {}) {
    const { readUnitsPerSecond, writeUnitsPerSecond } = props.warmThroughput ?? {};
    assertValid(
      'warmThroughput.readUnitsPerSecond',
      readUnitsPerSecond,
      values.warmReadUnits,
      'must be at least 12000',
    );
    assertValid(
      'warmThroughput.writeUnitsPerSecond',
      writeUnitsPerSecond,
      values.warmWriteUnits,
      'must be at least 4000',
    );
    super(scope, id, {
      removalPolicy: RemovalPolicy.DESTROY,
      ...props,
      partitionKey: { name: TokenCacheAttribute.id, type: AttributeType.STRING },
      timeToLiveAttribute: TokenCacheAttribute.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
    });
    acknowledge(this, 'DDB3');
  }
}
