import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ACCOUNT } from './cdk';
import type { ApiType } from './deployed-api';

/** Operations on the AWS account in addition to deployments. */
export interface Account {
  putSecretValue(secretId: string, value: string): Promise<void>;
  /** Returns whether the secret exists. */
  hasSecret(secretId: string): Promise<boolean>;
  deleteSecret(secretId: string): Promise<void>;
  /** Returns the items of a table as JSON. Rejects if the table does not exist. */
  scan(table: string): Promise<string[]>;
  /** Returns the request-parameter mappings of every integration of an API. */
  integrationMappings(type: ApiType, apiId: string): Promise<Mappings[]>;
}

type Mappings = Readonly<Record<string, string>>;

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
    async integrationMappings(type, apiId) {
      const path =
        type === 'REST' ? 'restapis/ID/resources?embed=methods' : 'v2/apis/ID/integrations';
      const url = new URL(path.replace('ID', apiId), endpoint);
      // The emulator accepts any signature and reads region and service from the credential's scope.
      const scope = `${ACCOUNT.credentials.accessKeyId}/20260101/${ACCOUNT.region}/apigateway/aws4_request`;
      const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
      const response = await fetch(url, { headers: { authorization } });
      const { item = [], items = [] } = (await response.json()) as Integrations;
      const methods = item.flatMap(({ resourceMethods = {} }) => Object.values(resourceMethods));
      return [...items, ...methods.map((method) => method.methodIntegration)].map(
        ({ requestParameters = {} }) => requestParameters,
      );
    },
  };
}

interface Integration {
  readonly requestParameters?: Mappings;
}

/** Response of API Gateway: `item` of REST APIs, `items` of HTTP APIs. */
interface Integrations {
  readonly item?: readonly {
    readonly resourceMethods?: Readonly<Record<string, { methodIntegration: Integration }>>;
  }[];
  readonly items?: readonly Integration[];
}
