import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ACCOUNT } from './cdk';

/** What an operator does and sees in the account beside deploying. */
export interface Account {
  putSecretValue(secretId: string, value: string): Promise<void>;
  /** Whether the secret is there. */
  hasSecret(secretId: string): Promise<boolean>;
  deleteSecret(secretId: string): Promise<void>;
  /** The items of a table as JSON. Rejects if the table is not there. */
  scan(table: string): Promise<string[]>;
  /** The request-parameter mappings of every integration of a REST API. */
  restIntegrationMappings(apiId: string): Promise<Readonly<Record<string, string>>[]>;
}

export function createAccount(endpoint: URL): Account {
  const options = { ...ACCOUNT, endpoint: endpoint.origin };
  const secrets = new SecretsManagerClient(options);
  const tables = new DynamoDBClient(options);
  return {
    async putSecretValue(SecretId, SecretString) {
      await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
    },
    async hasSecret(SecretId) {
      const { DeletedDate, ARN } = await secrets.send(new DescribeSecretCommand({ SecretId }));
      return ARN !== undefined && DeletedDate === undefined;
    },
    async deleteSecret(SecretId) {
      await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    },
    async scan(TableName) {
      const { Items = [] } = await tables.send(new ScanCommand({ TableName }));
      return Items.map((item) => JSON.stringify(item));
    },
    async restIntegrationMappings(apiId) {
      const url = new URL(`/restapis/${apiId}/resources?embed=methods`, endpoint);
      // The emulator takes any signature; it reads region and service from the credential's scope.
      const scope = `${ACCOUNT.credentials.accessKeyId}/20260101/${ACCOUNT.region}/apigateway/aws4_request`;
      const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
      const response = await fetch(url, { headers: { authorization } });
      const { item } = (await response.json()) as { item: RestResource[] };
      return item.flatMap(({ resourceMethods = {} }) =>
        Object.values(resourceMethods).map((method) => method.methodIntegration.requestParameters),
      );
    },
  };
}

interface RestResource {
  readonly resourceMethods?: Readonly<
    Record<
      string,
      { readonly methodIntegration: { readonly requestParameters: Record<string, string> } }
    >
  >;
}
