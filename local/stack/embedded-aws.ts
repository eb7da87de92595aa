import { startDynamoDb } from '../aws/dynamodb';
import type { OperationCounts } from '../aws/operation-counter';
import { startParameterStore } from '../aws/parameter-store';
import type { StartRotation } from '../aws/secret-store';
import { type SecretsManager, startSecretsManager } from '../aws/secrets-manager';
import type { ResolvedTemplate } from '../template/resolve';

/** Embedded AWS services with the tables, secrets and parameters of a stack. */
export interface EmbeddedAws {
  /** Environment variables that direct AWS clients to the services. */
  readonly environment: Readonly<Record<string, string>>;
  /** Returns the number of DynamoDB requests by operation. */
  dynamoDbOperations(): OperationCounts;
  /** Starts the rotation of a secret. @throws AwsApiError if one is in progress. */
  rotateSecret(arn: string): void;
  close(): Promise<void>;
}

/** Values of secrets that the template does not set. */
export interface SecretValues {
  /** Value of the introspection client's secret. Default: the value of a fresh deployment. */
  readonly secretValue?: string | undefined;
  /** ARN of a secret that the stack uses and does not create. Default: none. */
  readonly importedSecretArn?: string | undefined;
}

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];
const SECRET = 'AWS::SecretsManager::Secret';
const PARAMETER = 'AWS::SSM::Parameter';

/** Resource types of tables, secrets and parameters. */
export const EMBEDDED_RESOURCE_TYPES: readonly string[] = [...TABLES, SECRET, PARAMETER];

/**
 * Starts the services and creates the tables, secrets and parameters of a template.
 *
 * @throws UnsupportedTemplateError naming an unsupported property.
 */
export async function startEmbeddedAws(
  template: ResolvedTemplate,
  values: SecretValues,
  startRotation: StartRotation,
): Promise<EmbeddedAws> {
  const [dynamoDb, secretsManager, parameterStore] = await Promise.all([
    startDynamoDb(),
    startSecretsManager(startRotation),
    startParameterStore(),
  ]);
  const close = async () => {
    await Promise.all([dynamoDb.close(), secretsManager.close(), parameterStore.close()]);
  };
  try {
    for (const type of TABLES) {
      for (const table of template.ofType(type)) await dynamoDb.createTable(table, table.ref);
    }
    addSecrets(secretsManager, template, values);
    for (const resource of template.ofType(PARAMETER)) {
      parameterStore.createParameter(resource, resource.ref);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint.href,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint.href,
      AWS_ENDPOINT_URL_SSM: parameterStore.endpoint.href,
      // On Node.js 20 the SDK warns about its future versions.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    dynamoDbOperations: dynamoDb.operations,
    rotateSecret: secretsManager.rotate,
    close,
  };
}

function addSecrets(
  secretsManager: SecretsManager,
  template: ResolvedTemplate,
  { importedSecretArn, secretValue }: SecretValues,
): void {
  for (const resource of template.ofType(SECRET)) {
    secretsManager.createSecret(resource, resource.ref, secretName(resource.ref), secretValue);
  }
  if (importedSecretArn !== undefined && secretValue !== undefined) {
    secretsManager.addSecret(importedSecretArn, secretName(importedSecretArn), secretValue);
  }
}

/** Returns the name within `arn:…:secret:NAME-XXXXXX`. */
function secretName(arn: string): string {
  return arn.slice(arn.indexOf(':secret:') + ':secret:'.length, -'-XXXXXX'.length);
}
