import { join } from 'node:path';
import { startDynamoDb } from './aws/dynamodb';
import type { OperationCounts } from './aws/operation-counter';
import { type SecretsManager, startSecretsManager } from './aws/secrets-manager';
import { createApi, type RequestRecord } from './gateway/api';
import { apiResourceTypes } from './gateway/read-api';
import { gatewayResourceTypes } from './gateway/resource-schemas';
import { EnvironmentPool } from './lambda/environment-pool';
import { readFunction } from './lambda/function';
import { type AppSource, type SynthesizedStack, synthesizeStack } from './synthesize';
import { type ResolvedResource, type ResolvedTemplate, resolveTemplate } from './template/resolve';
import { NotUnderstoodError } from './template/understand';
import { rejectUnclaimedTypes } from './template/without-local-effect';

export interface LocalStackOptions {
  /** What to synthesize and serve. */
  readonly source: AppSource;
  /** Of the first API; others follow it. Default: free ports. */
  readonly port?: number;
  /** What the introspection client's secret holds; by default what it does after a fresh deployment. */
  readonly secretValue?: string;
  /** A secret that the stack uses and does not make. Default: none. */
  readonly importedSecretArn?: string | undefined;
  /** Execution environments of a function at the same time. Default: 4. */
  readonly maxEnvironments?: number;
  /** Takes what the function and the gateway log, line by line. */
  readonly log: (line: string) => void;
  readonly onRequest?: (record: RequestRecord) => void;
}

/** An API of the stack. */
export interface LocalApi {
  /** Its logical id in the template. */
  readonly name: string;
  readonly url: URL;
}

/** A deployed stack, as far as one machine can have it. */
export interface LocalStack {
  /** Of the first API. */
  readonly url: URL;
  /** In the order of the template. */
  readonly apis: readonly LocalApi[];
  /** Execution environments started since the beginning. */
  coldStarts(): number;
  /** Operations that DynamoDB was asked for, by name. */
  dynamoDbOperations(): OperationCounts;
  /** Ends all execution environments, as a new version of the function would. */
  retireEnvironments(): void;
  /** Empties API Gateway's result cache: on AWS, REST APIs only can be told to. */
  flushAuthorizersCache(): void;
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];
const SECRET = 'AWS::SecretsManager::Secret';
const FUNCTION = 'AWS::Lambda::Function';
const FUNCTION_VERSIONS = ['AWS::Lambda::Alias', 'AWS::Lambda::Version'];
const IMITATED_TYPES = [...TABLES, SECRET, FUNCTION, ...FUNCTION_VERSIONS, ...gatewayResourceTypes];

/**
 * Synthesizes a stack and deploys it to this machine: its tables and secrets to embedded AWS endpoints,
 * its functions to processes of their own, its REST and HTTP APIs to loopback ports.
 *
 * @throws SynthesisError if the app refuses, for example because its config is faulty.
 * @throws NotUnderstoodError naming what of the template is not imitated.
 * @throws PortTakenError if another program listens on the port.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const stack = await synthesizeStack(options.source);
  for (const warning of stack.warnings) options.log(`warning: ${warning}`);
  const started: Closable[] = [{ close: stack.remove }];
  const close = async () => {
    for (const part of started.splice(0).reverse()) await part.close();
  };
  try {
    return { ...(await deploy(stack, options, started)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param started gets what has to be closed in the end, in the order in which it was started. */
async function deploy(
  stack: SynthesizedStack,
  options: LocalStackOptions,
  started: Closable[],
): Promise<Omit<LocalStack, 'close'>> {
  const { log, onRequest, maxEnvironments } = options;
  const template = resolveTemplate(stack.template, { stackName: stack.stackName });
  rejectUnclaimedTypes(template, IMITATED_TYPES);

  const dynamoDb = await startDynamoDb();
  started.push(dynamoDb);
  for (const type of TABLES) {
    for (const table of template.ofType(type)) await dynamoDb.createTable(table, table.ref);
  }
  const secretsManager = await startSecretsManager();
  started.push(secretsManager);
  addSecrets(secretsManager, template, options);

  const pools = new Map<string, EnvironmentPool>();
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint.href,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint.href,
    // The SDK's note on its own future versions is for those who choose the runtime.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  for (const resource of template.ofType(FUNCTION)) {
    const arn = template.getAtt(resource.logicalId, 'Arn');
    const definition = readFunction(resource, arn, assetDirectory(stack, resource));
    const pool = new EnvironmentPool(definition, { maxEnvironments, environment, log });
    started.push(pool);
    pools.set(arn, pool);
  }
  const invoke = (functionArn: string, event: unknown) => poolOf(pools, functionArn).invoke(event);
  const servers = apiResources(template).map(({ logicalId }) => ({
    logicalId,
    server: createApi({ template, logicalId, log, onRequest, invoke }),
  }));
  const apis: LocalApi[] = [];
  for (const [index, { logicalId, server }] of servers.entries()) {
    started.push(server);
    const port = options.port ? options.port + index : 0;
    apis.push({ name: logicalId, url: await server.listen(port) });
  }
  const [first] = apis;
  if (first === undefined) throw new NotUnderstoodError('the stack has no API');
  return {
    url: first.url,
    apis,
    coldStarts: () => [...pools.values()].reduce((total, pool) => total + pool.started, 0),
    dynamoDbOperations: dynamoDb.operations,
    retireEnvironments() {
      for (const pool of pools.values()) pool.retire();
    },
    flushAuthorizersCache() {
      for (const { server } of servers) server.flushAuthorizersCache();
    },
  };
}

function apiResources(template: ResolvedTemplate): readonly ResolvedResource[] {
  return template.resources.filter(({ type }) => apiResourceTypes.includes(type));
}

/** An alias or version of a function runs as the function: local mode has one version of each. */
function poolOf(pools: ReadonlyMap<string, EnvironmentPool>, functionArn: string): EnvironmentPool {
  const pool = pools.get(functionArn.split(':').slice(0, 7).join(':'));
  if (pool === undefined) throw new Error(`the template has no function ${functionArn}`);
  return pool;
}

function addSecrets(
  secretsManager: SecretsManager,
  template: ResolvedTemplate,
  { importedSecretArn: importedArn, secretValue }: LocalStackOptions,
): void {
  for (const resource of template.ofType(SECRET)) {
    secretsManager.createSecret(resource, resource.ref, secretName(resource.ref), secretValue);
  }
  if (importedArn !== undefined && secretValue !== undefined) {
    secretsManager.addSecret(importedArn, secretName(importedArn), secretValue);
  }
}

/** The name within `arn:…:secret:NAME-XXXXXX`. */
function secretName(arn: string): string {
  return arn.slice(arn.indexOf(':secret:') + ':secret:'.length, -'-XXXXXX'.length);
}

/** @see https://docs.aws.amazon.com/cdk/v2/guide/assets.html */
function assetDirectory(
  stack: SynthesizedStack,
  { logicalId, metadata }: ResolvedResource,
): string {
  const path = metadata['aws:asset:path'];
  if (typeof path !== 'string') {
    throw new NotUnderstoodError(`the code of ${logicalId} is not an asset of the app`);
  }
  return join(stack.directory, path);
}
