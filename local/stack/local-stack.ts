import type { OperationCounts } from '../aws/operation-counter';
import { type Closable, startAll } from '../closable';
import type { Invoke } from '../gateway/integrations/lambda/invoke';
import type { Exchange } from '../gateway/server';
import { type PortChoice, successivePort } from '../http-server';
import { EnvironmentPool } from '../lambda/environment-pool';
import { Functions } from '../lambda/functions';
import { linkRuntimeModules } from '../lambda/runtime-modules';
import type { Log } from '../requests/request-log';
import { createRequestJournal, type ServedRequest } from '../requests/served-request';
import type { ResolvedTemplate } from '../template/resolve';
import { placeholders } from '../template/supported-resources';
import { UnsupportedTemplateError } from '../template/unsupported';
import type { PublishedVersions } from '../template/version-numbers';
import { type LocalApi, startApiServers } from './api-servers';
import { credentialsSecrets } from './credentials';
import { DeployedRotations } from './deployed-rotations';
import { type EmbeddedAws, type SecretValues, startEmbeddedAws } from './embedded-aws';
import { codeDirectory } from './function-code';
import { type LocalMutualTls, type MutualTlsOptions, serveMutualTls } from './mutual-tls';
import { startOperatorEndpoint } from './operator-endpoint';
import { outputsOf } from './outputs';
import { isolatedObserver, type StackObserver } from './stack-observer';
import { readSupportedTemplate } from './supported-template';
import { type AppSource, type SynthesizedStack, synthesizeStack } from './synthesize';

export interface LocalStackOptions extends SecretValues {
  /** CDK app to synthesize and serve. */
  readonly source: AppSource;
  /** Port of the first API. Other APIs use the next free ones. Default: free ports. */
  readonly port?: PortChoice | undefined;
  /** Port of the endpoint for the AWS CLI. Default: there is none. */
  readonly awsPort?: PortChoice | undefined;
  /** Name of the stage to serve. Default: the first one of each API. */
  readonly stage?: string | undefined;
  /** Maximum number of execution environments of a function. Default: 4. */
  readonly maxEnvironments?: number;
  /** Certificates for domain names with mutual TLS. Default: made for this run. */
  readonly mutualTls?: MutualTlsOptions | undefined;
  /** Receives each line that functions, gateway and local mode log. */
  readonly log: Log;
  /** Receives each request that an API served. Default: none. */
  readonly onRequest?: ((request: ServedRequest) => void) | undefined;
  /** Receives the requests with all that they contain. Default: none. */
  readonly observer?: StackObserver | undefined;
}

/** Stack that is deployed to this machine. */
export interface LocalStack {
  /** URL of the first API. */
  readonly url: URL;
  /** APIs in the order of the template. Their routes are those after the last update. */
  readonly apis: readonly LocalApi[];
  /** Domain names with mutual TLS that are mapped to the APIs; absent if there are none. */
  readonly mutualTls?: LocalMutualTls;
  /** Returns the number of execution environments started. */
  coldStarts(): number;
  /** Returns the number of DynamoDB requests by operation. */
  dynamoDbOperations(): OperationCounts;
  /** Tables of the stack. */
  readonly tables: EmbeddedAws['tables'];
  /** Returns the number of execution environments that run. */
  environments(): number;
  /** Returns the number of results in the result caches. */
  cachedResults(): number;
  /** Stores new credentials of the introspection client in the secrets that authorizer functions read. */
  putCredentials(value: string): void;
  /** Returns the ARNs of the secrets that {@link rotateSecrets} rotates. */
  rotatedSecrets(): readonly string[];
  /** Sets these secrets to their first values again and rotates them, which makes all keys new. */
  replaceRotatedSecrets(): Promise<void>;
  /** Outputs of the stack, as a deployment prints them, without values that local mode does not know. */
  outputs(): Readonly<Record<string, string>>;
  /** ARNs of the secrets that authorizer functions read the introspection client's credentials from. */
  readonly credentialsSecrets: readonly string[];
  readonly region: string;
  /** Endpoint of all services, for the AWS CLI; absent without a port for it. */
  readonly awsEndpoint?: URL;
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
  /**
   * Continues with the stack as it was synthesized again, like {@link update}, and creates its new tables and
   * secrets. Ports stay the same; a new API is not served.
   *
   * @throws UnsupportedTemplateError naming an unsupported part of the template.
   */
  replace(stack: SynthesizedStack): Promise<void>;
  close(): Promise<void>;
}

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
  return startAll((started) => {
    started.push({ close: stack.remove });
    return deploy(stack, options, started);
  });
}

/** @param started receives the parts to close, in the order of their start. */
async function deploy(
  initial: SynthesizedStack,
  options: Omit<LocalStackOptions, 'source'>,
  started: Closable[],
): Promise<Omit<LocalStack, 'close'>> {
  const { log, onRequest, maxEnvironments, stage } = options;
  const observer = options.observer && isolatedObserver(options.observer, log);
  logWarnings(initial, log);
  let stack = initial;
  const versions: PublishedVersions = new Map();
  const template = readSupportedTemplate(stack, versions);
  const notImitated = placeholders(template);
  if (notImitated.length > 0) {
    log(`not imitated, so that requests that use it fail: ${notImitated.join(', ')}`);
  }

  // Rotations need the functions, which need the endpoints of the services.
  let rotations: DeployedRotations | undefined;
  const startRotation = (arn: string, versionId: string) => rotations?.start(arn, versionId);
  const aws = await startEmbeddedAws(options, log, startRotation, observer);
  started.push(aws);
  const modules = linkRuntimeModules(stack.appDirectory);
  started.push({ close: async () => modules.remove() });
  const environment = { NODE_PATH: modules.path, ...aws.environment };
  const journal = createRequestJournal();
  const functions = new Functions(
    (definition) =>
      new EnvironmentPool(definition, {
        ...{ maxEnvironments, environment, onInvocation: observer?.onInvocation },
        log(line) {
          journal.readLine(definition.arn, line);
          log(line, 'function');
        },
      }),
  );
  started.push(functions);
  const deployResources = (resolved: ResolvedTemplate) =>
    functions.deploy(resolved, (resource) => codeDirectory(resource, stack.directory));
  await aws.deploy(template);
  deployResources(template);
  const invoke: Invoke = (functionArn, event) =>
    functions.invoke(functionArn, event).catch((error: Error) => {
      // Gateways log the type of an error only.
      if (error instanceof UnsupportedTemplateError) log(error.message);
      throw error;
    });
  const deployed = new DeployedRotations({ aws, invoke, log });
  rotations = deployed;
  await deployed.deploy(template);
  const onExchange = (exchange: Exchange) => {
    const request = journal.join(exchange.record);
    observer?.onExchange({ ...exchange, record: request });
    onRequest?.(request);
  };
  const { servers, apis } = await startApiServers(
    { template, stage, log, invoke, onExchange },
    options.port,
    started,
  );
  const awsEndpoint =
    options.awsPort === undefined
      ? undefined
      : await startOperatorEndpoint(aws, functions, options.awsPort);
  if (awsEndpoint) started.push(awsEndpoint);
  const mutualTls = await serveMutualTls(
    { template, apis: servers },
    options.mutualTls ?? {},
    { port: (index) => successivePort(options.port, apis.length + index), log },
    started,
  );
  const switchTo = (updated: ResolvedTemplate) => {
    deployResources(updated);
    for (const { server } of servers) server.update(updated);
  };
  return {
    url: apis[0].url,
    apis,
    ...(mutualTls && { mutualTls }),
    coldStarts: () => functions.hosts.reduce((total, pool) => total + pool.started, 0),
    dynamoDbOperations: aws.dynamoDbOperations,
    tables: aws.tables,
    environments: () => functions.hosts.reduce((total, pool) => total + pool.running, 0),
    cachedResults: () => servers.reduce((total, { server }) => total + server.cachedResults(), 0),
    putCredentials(value) {
      for (const arn of credentialsSecrets(template)) aws.putSecretValue(arn, value);
    },
    rotatedSecrets: () => deployed.secrets,
    replaceRotatedSecrets: () => deployed.replace(),
    outputs: () => outputsOf(template),
    credentialsSecrets: credentialsSecrets(template),
    region: template.identity.region,
    ...(awsEndpoint && { awsEndpoint: awsEndpoint.endpoint }),
    awsEnvironment: aws.environment,
    rotateSecrets: () => deployed.rotate(),
    recycleEnvironments() {
      for (const pool of functions.hosts) pool.recycle();
    },
    flushAuthorizersCache() {
      for (const { server } of servers) server.flushAuthorizersCache();
    },
    update(updatedTemplate) {
      switchTo(readSupportedTemplate({ ...stack, template: updatedTemplate }, versions));
    },
    async replace(synthesized) {
      started.unshift({ close: synthesized.remove });
      logWarnings(synthesized, log);
      const updated = readSupportedTemplate(synthesized, versions);
      await aws.deploy(updated);
      stack = synthesized;
      switchTo(updated);
      await deployed.deploy(updated);
    },
  };
}

function logWarnings({ warnings }: SynthesizedStack, log: (line: string) => void): void {
  for (const warning of warnings) log(`warning: ${warning}`);
}
