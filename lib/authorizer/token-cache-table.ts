import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { TokenCacheAttribute } from '../../lambda/contract';
import { acknowledge } from '../cdk/nag-suppressions';

/** Props of the token cache: name, encryption and removal policy. */
export interface TokenCacheTableProps
  extends Pick<TableProps, 'tableName' | 'encryption' | 'encryptionKey'> {
  /**
   * Policy for the table when it is removed from the stack.
   *
   * @default RemovalPolicy.DESTROY - the table is a cache; its contents can be recreated
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * DynamoDB table of the token cache: one sealed item for each access token, shared by all execution
 * environments of the authorizer.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export class TokenCacheTable extends Table {
  constructor(scope: Construct, id: string, props: TokenCacheTableProps = {}) {
    super(scope, id, {
      removalPolicy: RemovalPolicy.DESTROY,
      ...props,
      partitionKey: { name: TokenCacheAttribute.id, type: AttributeType.STRING },
      timeToLiveAttribute: TokenCacheAttribute.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
    });
    acknowledge(this, 'cacheBackup');
  }
}
