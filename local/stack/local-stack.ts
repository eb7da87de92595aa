import { join } from 'node:path';
import type { OperationCounts } from '../aws/operation-counter';
import { API_RESOURCE_TYPES } from '../gateway/definition/api-resource';
import { GATEWAY_RESOURCE_TYPES } from '../gateway/definition/resource-schemas';
import type { Invoke } from '../gateway/integrations/lambda/invoke';
import { createApiServer, type RequestRecord } from '../gateway/server';
import { EnvironmentPool } from '../lambda/environment-pool';
import { FUNCTION_RESOURCE_TYPES, Functions } from '../lambda/functions';
import { type ResolvedResource, type ResolvedTemplate, resolveTemplate } from '../template/resolve';
import { rejectUnsupportedTypes } from '../template/supported-resources';
import { UnsupportedTemplateError } from '../template/unsupported';
import { EMBEDDED_RESOURCE_TYPES, type SecretValues, startEmbeddedAws } from './embedded-aws';
import { ROTATION_RESOURCE_TYPES, Rotations } from './rotations';
import { type AppSource, type SynthesizedStack, synthesizeStack } from './synthesize';

export interface LocalStackOptions extends SecretValues {
  /** CDK app to synthesize and serve. */
  readonly source: AppSource;
  /** Port of the first API. Other APIs use the next ones. Default: free ports. */
  readonly port?: number | undefined;
  /** Maximum number of execution environments of a function. Default: 4. */
  readonly maxEnvironments?: number;
  /** Receives each line that functions and gateway log. */
  readonly log: (line: string) => void;
  readonly onRequest?: (record: RequestRecord) => void;
}

/** API of the stack. */
export interface LocalApi {
  /** Logical id in the template. */
  readonly name: string;
  readonly url: URL;
}

/** Stack that is deployed to this machine. */
export interface LocalStack {
  /** URL of the first API. */
  readonly url: URL;
  /** APIs in the order of the template. */
  readonly apis: readonly LocalApi[];
  /** Returns the number of execution environments started. */
  coldStarts(): number;
  /** Returns the number of DynamoDB requests by operation. */
  dynamoDbOperations(): OperationCounts;
  /** Environment variables that direct AWS clients to the embedded services. */
  readonly awsEnvironment: Readonly<Record<string, string>>;
  /** Rotates the secrets that a deployment rotates. Resolves when the rotations have succeeded or failed. */
  rotateSecrets(): Promise<void>;
  /** Ends all execution environments, as an update of the functions does. */
  recycleEnvironments(): void;
  /** Flushes API Gateway's result cache. AWS offers this for REST APIs only. */
  flushAuthorizersCache(): void;
  /**
   * Continues with another template of the stack, as during or after a CloudFormation update. It publishes
   * new versions and changes what the stages serve. Caches, tables and secrets stay the same.
   *
   * @throws UnsupportedTemplateError naming an unsupported part of the template.
   */
  update(template: unknown): void;
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

const SUPPORTED_TYPES = [
  ...EMBEDDED_RESOURCE_TYPES,
  ...FUNCTION_RESOURCE_TYPES,
  ...GATEWAY_RESOURCE_TYPES,
  ...ROTATION_RESOURCE_TYPES,
];

/**
 * Synthesizes a stack and deploys it to this machine: its tables and secrets to embedded AWS services,
 * its functions to processes, its REST and HTTP APIs to loopback ports.
 *
 * @throws SynthesisError if the app fails, for example because of its config.
 * @throws UnsupportedTemplateError naming an unsupported part of the template.
 * @throws PortTakenError if another program listens on the port.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  return deployStack(await synthesizeStack(options.source), options);
}

/** Deploys a synthesized stack to this machine. Closing the local stack removes the synthesized one. */
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

/** @param started receives the parts to close, in the order of their start. */
async function deploy(
  stack: SynthesizedStack,
  options: Omit<LocalStackOptions, 'source'>,
  started: Closable[],
): Promise<Omit<LocalStack, 'close'>> {
  const { log, onRequest, maxEnvironments } = options;
  const template = readTemplate(stack, stack.template);

  const aws = await startEmbeddedAws(template, options, (arn, versionId) =>
    rotations.start(arn, versionId),
  );
  started.push(aws);
  const { environment } = aws;
  const functions = new Functions(
    (definition) => new EnvironmentPool(definition, { maxEnvironments, environment, log }),
  );
  started.push(functions);
  const assets = (resource: ResolvedResource) => assetDirectory(stack, resource);
  functions.deploy(template, assets);
  const invoke: Invoke = (functionArn, event) => functions.invoke(functionArn, event);
  const rotations = new Rotations({ template, invoke, log });
  async function rotateSecrets(): Promise<void> {
    for (const arn of rotations.rotatedAtStart) aws.rotateSecret(arn);
    await rotations.settled();
  }
  await rotateSecrets();
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
    dynamoDbOperations: aws.dynamoDbOperations,
    awsEnvironment: environment,
    rotateSecrets,
    recycleEnvironments() {
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
  rejectUnsupportedTypes(resolved, SUPPORTED_TYPES);
  return resolved;
}

/** @see https://docs.aws.amazon.com/cdk/v2/guide/assets.html */
function assetDirectory(
  stack: SynthesizedStack,
  { logicalId, metadata }: ResolvedResource,
): string {
  const path = metadata['aws:asset:path'];
  if (typeof path !== 'string') {
    throw new UnsupportedTemplateError(`code of ${logicalId} must be an asset of the app`);
  }
  return join(stack.directory, path);
}
