import { join } from 'node:path';
import { startDynamoDb } from '../aws/dynamodb';
import type { OperationCounts } from '../aws/operation-counter';
import { type SecretsManager, startSecretsManager } from '../aws/secrets-manager';
import { API_RESOURCE_TYPES } from '../gateway/definition/api-resource';
import { GATEWAY_RESOURCE_TYPES } from '../gateway/definition/resource-schemas';
import type { Invoke } from '../gateway/integrations/lambda/invoke';
import { createApiServer, type RequestRecord } from '../gateway/server';
import { EnvironmentPool } from '../lambda/environment-pool';
import { Functions, functionResourceTypes } from '../lambda/functions';
import { type ResolvedResource, type ResolvedTemplate, resolveTemplate } from '../template/resolve';
import { rejectUnsupportedTypes } from '../template/supported-resources';
import { UnsupportedTemplateError } from '../template/unsupported';
import { type AppSource, type SynthesizedStack, synthesizeStack } from './synthesize';

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
  /**
   * Goes on with another template of the stack, as while or after CloudFormation updates it: publishes new
   * versions, and changes what the stages serve. Caches stay, and so do tables and secrets.
   *
   * @throws UnsupportedTemplateError naming what of the template is not imitated.
   */
  update(template: unknown): void;
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];
const SECRET = 'AWS::SecretsManager::Secret';
const IMITATED_TYPES = [...TABLES, SECRET, ...functionResourceTypes, ...GATEWAY_RESOURCE_TYPES];

/**
 * Synthesizes a stack and deploys it to this machine: its tables and secrets to embedded AWS endpoints,
 * its functions to processes of their own, its REST and HTTP APIs to loopback ports.
 *
 * @throws SynthesisError if the app refuses, for example because its config is faulty.
 * @throws UnsupportedTemplateError naming what of the template is not imitated.
 * @throws PortTakenError if another program listens on the port.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  return deployStack(await synthesizeStack(options.source), options);
}

/** Deploys a synthesized stack in the same way, and removes it when it is closed. */
export async function deployStack(
  stack: SynthesizedStack,
  options: Omit<LocalStackOptions, 'source'>,
): Promise<LocalStack> {
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
  options: Omit<LocalStackOptions, 'source'>,
  started: Closable[],
): Promise<Omit<LocalStack, 'close'>> {
  const { log, onRequest, maxEnvironments } = options;
  const template = readTemplate(stack, stack.template);

  const dynamoDb = await startDynamoDb();
  started.push(dynamoDb);
  for (const type of TABLES) {
    for (const table of template.ofType(type)) await dynamoDb.createTable(table, table.ref);
  }
  const secretsManager = await startSecretsManager();
  started.push(secretsManager);
  addSecrets(secretsManager, template, options);

  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint.href,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint.href,
    // The SDK's note on its own future versions is for those who choose the runtime.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const functions = new Functions(
    (definition) => new EnvironmentPool(definition, { maxEnvironments, environment, log }),
  );
  started.push(functions);
  const assets = (resource: ResolvedResource) => assetDirectory(stack, resource);
  functions.deploy(template, assets);
  const invoke: Invoke = (functionArn, event) => functions.invoke(functionArn, event);
  const servers = apiResources(template).map(({ logicalId }) => ({
    logicalId,
    server: createApiServer({ template, logicalId, log, onRequest, invoke }),
  }));
  const apis: LocalApi[] = [];
  for (const [index, { logicalId, server }] of servers.entries()) {
    started.push(server);
    const port = options.port ? options.port + index : 0;
    apis.push({ name: logicalId, url: await server.listen(port) });
  }
  const [first] = apis;
  if (first === undefined) throw new UnsupportedTemplateError('the stack has no API');
  return {
    url: first.url,
    apis,
    coldStarts: () => functions.hosts.reduce((total, pool) => total + pool.started, 0),
    dynamoDbOperations: dynamoDb.operations,
    retireEnvironments() {
      for (const pool of functions.hosts) pool.recycle();
    },
    flushAuthorizersCache() {
      for (const { server } of servers) server.flushAuthorizersCache();
    },
    update(updatedTemplate) {
      const updated = readTemplate(stack, updatedTemplate);
      functions.deploy(updated, assets);
      for (const { server } of servers) server.update(updated);
    },
  };
}

function apiResources(template: ResolvedTemplate): readonly ResolvedResource[] {
  return template.resources.filter(({ type }) => API_RESOURCE_TYPES.includes(type));
}

function readTemplate({ stackName }: SynthesizedStack, template: unknown): ResolvedTemplate {
  const resolved = resolveTemplate(template, { stackName });
  rejectUnsupportedTypes(resolved, IMITATED_TYPES);
  return resolved;
}

function addSecrets(
  secretsManager: SecretsManager,
  template: ResolvedTemplate,
  { importedSecretArn: importedArn, secretValue }: Omit<LocalStackOptions, 'source'>,
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
    throw new UnsupportedTemplateError(`the code of ${logicalId} is not an asset of the app`);
  }
  return join(stack.directory, path);
}
