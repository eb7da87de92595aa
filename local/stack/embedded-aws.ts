import { startDynamoDb } from '../aws/dynamodb';
import type { OperationCounts } from '../aws/operation-counter';
import type { AwsCall } from '../aws/operation-observer';
import type { Outage } from '../aws/outage';
import { startParameterStore } from '../aws/parameter-store';
import { initialSecretValue } from '../aws/secret';
import type { StartRotation } from '../aws/secret-store';
import { type SecretsManager, startSecretsManager } from '../aws/secrets-manager';
import { startUnsupportedServices } from '../aws/unsupported-services';
import type { ResolvedTemplate } from '../template/resolve';
import { credentialsSecrets } from './credentials';
import type { ObservedService, StackObserver } from './stack-observer';

/** Embedded AWS services with the tables, secrets and parameters of a stack. */
export interface EmbeddedAws {
  /** Environment variables that direct AWS clients to the services. */
  readonly environment: Readonly<Record<string, string>>;
  /** Endpoints by the name in the credential scope of a signature. */
  readonly endpoints: Readonly<Record<string, URL>>;
  /** Endpoint of every service that is not embedded. */
  readonly others: URL;
  /** Returns the number of DynamoDB requests by operation. */
  dynamoDbOperations(): OperationCounts;
  /** Tables of the stack. */
  readonly tables: {
    readonly outage: Outage;
    countItems(): Promise<number>;
    /** Deletes all items and returns their number. */
    deleteItems(): Promise<number>;
  };
  /** Stores a new current value of a secret. @throws AwsApiError if the secret does not exist. */
  putSecretValue(arn: string, value: string): void;
  /**
   * Creates the tables, secrets and parameters of a template that do not exist yet.
   *
   * @throws UnsupportedTemplateError naming an unsupported property.
   */
  deploy(template: ResolvedTemplate): Promise<void>;
  /** Sets a secret of the template to its first value again. @throws AwsApiError if it does not exist. */
  resetSecret(arn: string): void;
  /** Starts the rotation of a secret. @throws AwsApiError if one is in progress. */
  rotateSecret(arn: string): void;
  close(): Promise<void>;
}

/** Values of secrets that the template does not set. */
export interface SecretValues {
  /**
   * Value of the secret that authorizer functions read the introspection client's credentials from, and of
   * no other one. Default: the value of a fresh deployment.
   */
  readonly secretValue?: string | undefined;
  /** Values of secrets by ARN or name, for example of imported ones. Default: none. */
  readonly secrets?: Readonly<Record<string, string>>;
}

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];
const SECRET = 'AWS::SecretsManager::Secret';
const PARAMETER = 'AWS::SSM::Parameter';

/** Resource types of tables, secrets and parameters. */
export const EMBEDDED_RESOURCE_TYPES: readonly string[] = [...TABLES, SECRET, PARAMETER];

/**
 * Starts the services, without tables, secrets and parameters.
 *
 * @param log receives the reasons for which requests are rejected
 * @param observer receives the calls of DynamoDB and Secrets Manager. Default: no observation.
 */
export async function startEmbeddedAws(
  values: SecretValues,
  log: (line: string) => void,
  startRotation: StartRotation,
  observer?: Pick<StackObserver, 'onAwsCall'>,
): Promise<EmbeddedAws> {
  const observe = (service: ObservedService) =>
    observer && ((call: AwsCall) => observer.onAwsCall(service, call));
  const [dynamoDb, secretsManager, parameterStore, others] = await Promise.all([
    startDynamoDb(observe('DynamoDB')),
    startSecretsManager(startRotation, log, observe('Secrets Manager')),
    startParameterStore(),
    startUnsupportedServices(log),
  ]);
  const created = new Set<string>();
  const firstValues = new Map<string, string>();
  const isNew = (id: string) => !created.has(id) && created.add(id);
  return {
    environment: {
      AWS_ENDPOINT_URL: others.endpoint.href,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint.href,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint.href,
      AWS_ENDPOINT_URL_SSM: parameterStore.endpoint.href,
      // On Node.js 20 the SDK warns about its future versions.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    endpoints: {
      dynamodb: dynamoDb.endpoint,
      secretsmanager: secretsManager.endpoint,
      ssm: parameterStore.endpoint,
    },
    others: others.endpoint,
    dynamoDbOperations: dynamoDb.operations,
    tables: dynamoDb,
    putSecretValue: secretsManager.putValue,
    async deploy(template) {
      const tables = TABLES.flatMap((type) => template.ofType(type)).filter(({ ref }) =>
        isNew(ref),
      );
      for (const table of tables) await dynamoDb.createTable(table, table.ref);
      addSecrets(secretsManager, template, values, isNew);
      for (const resource of template.ofType(SECRET)) {
        const { value, isSet } = initialSecretValue(resource);
        if (isSet && value !== undefined) firstValues.set(resource.ref, value);
      }
      for (const parameter of template.ofType(PARAMETER).filter(({ ref }) => isNew(ref))) {
        parameterStore.createParameter(parameter, parameter.ref);
      }
    },
    resetSecret(arn) {
      secretsManager.putValue(arn, firstValues.get(arn) ?? '');
    },
    rotateSecret: secretsManager.rotate,
    async close() {
      await Promise.all(
        [dynamoDb, secretsManager, parameterStore, others].map((service) => service.close()),
      );
    },
  };
}

/** Adds the secrets of the template, and those outside it that have a value. */
function addSecrets(
  secretsManager: SecretsManager,
  template: ResolvedTemplate,
  { secretValue, secrets = {} }: SecretValues,
  isNew: (id: string) => unknown,
): void {
  const credentials = credentialsSecrets(template);
  const declared = template.ofType(SECRET).filter(({ ref }) => isNew(ref));
  for (const resource of declared) {
    const { ref } = resource;
    const name = secretName(ref);
    const value = secrets[ref] ?? secrets[name];
    const own = value ?? (credentials.includes(ref) ? secretValue : undefined);
    secretsManager.createSecret(resource, ref, name, own);
  }
  const outside = new Map([
    ...(secretValue === undefined ? [] : credentials.map((arn) => [arn, secretValue] as const)),
    ...Object.entries(secrets),
  ]);
  for (const [id, value] of outside) {
    const arn = completeArn(id);
    if (isNew(arn)) secretsManager.addSecret(arn, secretName(arn), value);
  }
}

/** Returns the complete ARN of a secret that is named by its name, or by its ARN with or without suffix. */
function completeArn(id: string): string {
  if (/^arn:.*-\w{6}$/.test(id)) return id;
  const arn = id.startsWith('arn:')
    ? id
    : `arn:aws:secretsmanager:us-east-1:000000000000:secret:${id}`;
  return `${arn}-local0`;
}

/** Returns the name within `arn:…:secret:NAME-XXXXXX`. */
function secretName(arn: string): string {
  return arn.slice(arn.indexOf(':secret:') + ':secret:'.length, -'-XXXXXX'.length);
}
