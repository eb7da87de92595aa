import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { TokenCacheTable, type TokenCacheTableProps } from '../../../lib';
import { only, synthesizeConstructs } from '../../support/synthesize';

const TABLE = 'AWS::DynamoDB::Table';
const table = (props?: TokenCacheTableProps) =>
  synthesizeConstructs((stack) => new TokenCacheTable(stack, 'TokenCache', props));

describe('the table of the token cache', () => {
  it('goes with the stack, for all in it can be had again', () => {
    table().hasResource(TABLE, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('stays where that is wanted', () => {
    table({ removalPolicy: RemovalPolicy.RETAIN }).hasResource(TABLE, { DeletionPolicy: 'Retain' });
  });

  it('has the name and key that it is given', () => {
    const template = synthesizeConstructs(
      (stack) =>
        new TokenCacheTable(stack, 'TokenCache', {
          tableName: 'tokens',
          encryptionKey: new Key(stack, 'Key'),
        }),
    );
    const [key] = only(template, 'AWS::KMS::Key');

    template.hasResourceProperties(TABLE, {
      TableName: 'tokens',
      SSESpecification: {
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
      },
    });
  });
});
