import { randomUUID } from 'node:crypto';
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
  /**
   * Rotates a secret as Secrets Manager does: stages a version, and invokes the function with the four steps. The
   * emulator's own `RotateSecret` does not.
   */
  rotateSecret(secretId: string, functionName: string): Promise<void>;
  /** Invokes a function. Rejects if it fails. */
  invoke(functionName: string, event: object): Promise<unknown>;
  /** Returns the request-parameter mappings of every integration of an API. */
  integrationMappings(type: ApiType, apiId: string): Promise<Mappings[]>;
}

type Mappings = Readonly<Record<string, string>>;

export function createAccount(endpoint: URL): Account {
  const options = { ...ACCOUNT, endpoint: endpoint.origin };
  const secrets = new SecretsManagerClient(options);
  const tables = new DynamoDBClient(options);

  /** Sends a request. The emulator accepts any signature and reads region and service from the scope. */
  async function send(service: string, path: string, init?: RequestInit): Promise<Response> {
    const scope = `${ACCOUNT.credentials.accessKeyId}/20260101/${ACCOUNT.region}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
    return fetch(new URL(path, endpoint), { ...init, headers: { authorization } });
  }

  async function invoke(functionName: string, event: object): Promise<unknown> {
    const path = `/2015-03-31/functions/${functionName}/invocations`;
    const response = await send('lambda', path, { method: 'POST', body: JSON.stringify(event) });
    const body = await response.text();
    if (response.ok && !response.headers.has('x-amz-function-error')) return JSON.parse(body);
    throw new Error(`${functionName} failed: ${body.slice(0, 500)}`);
  }

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
    invoke,
    async rotateSecret(SecretId, functionName) {
      const ClientRequestToken = randomUUID();
      await secrets.send(
        new PutSecretValueCommand({
          SecretId,
          ClientRequestToken,
          VersionStages: ['AWSPENDING'],
          // Not a text, so that the version has no keys yet.
          SecretBinary: Buffer.from('staged'),
        }),
      );
      for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
        await invoke(functionName, { Step, SecretId, ClientRequestToken });
      }
    },
    async integrationMappings(type, apiId) {
      const path =
        type === 'REST' ? 'restapis/ID/resources?embed=methods' : 'v2/apis/ID/integrations';
      const response = await send('apigateway', path.replace('ID', apiId));
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
