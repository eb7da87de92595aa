import { z } from 'zod';
import type { ResolvedResource, ResolvedTemplate } from '../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../template/unsupported';
import { type FunctionDefinition, readFunction } from './function';
import type { InvocationResult } from './protocol';

/** Runtime of a function, or of a version of it. */
export interface FunctionHost {
  invoke(event: unknown): Promise<InvocationResult>;
  /** Ends every execution environment, a busy one after its event. */
  recycle(): void;
  close(): Promise<void>;
}

const FUNCTION = 'AWS::Lambda::Function';
const VERSION = 'AWS::Lambda::Version';
const ALIAS = 'AWS::Lambda::Alias';

/** Resource types of functions, versions and aliases. */
export const FUNCTION_RESOURCE_TYPES: readonly string[] = [FUNCTION, VERSION, ALIAS];

// Environments are started on demand, so that provisioned concurrency has no effect.
const qualified = { FunctionName: z.string(), Description: z.string().optional() };
const versionSchema = z.strictObject({
  ...qualified,
  CodeSha256: z.string().optional(),
  ProvisionedConcurrencyConfig: z.unknown().optional(),
});
const aliasSchema = z.strictObject({
  ...qualified,
  Name: z.string(),
  FunctionVersion: z.string(),
  ProvisionedConcurrencyConfig: z.unknown().optional(),
});

/**
 * Functions of a stack with their versions and aliases. Later deployments do not change a published
 * version.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
export class Functions<Host extends FunctionHost> {
  readonly #start: (definition: FunctionDefinition) => Host;
  /** Functions and versions by ARN. */
  readonly #running = new Map<string, { readonly definition: FunctionDefinition; host: Host }>();
  /** Functions and versions that cannot run locally, with the reason, by ARN. */
  readonly #unsupported = new Map<string, UnsupportedTemplateError>();
  readonly #aliases = new Map<string, string>();
  /** Hosts of all functions ever started, in order. */
  readonly #hosts: Host[] = [];

  constructor(start: (definition: FunctionDefinition) => Host) {
    this.#start = start;
  }

  get hosts(): readonly Host[] {
    return this.#hosts;
  }

  /**
   * Deploys the functions, versions and aliases of a template: updates functions, publishes new versions,
   * and deletes what the template no longer declares. A function that cannot run locally fails when it is
   * invoked.
   *
   * @throws UnsupportedTemplateError naming an unsupported property of a version or an alias.
   */
  deploy(template: ResolvedTemplate, assetDirectory: (resource: ResolvedResource) => string): void {
    this.#unsupported.clear();
    const functions = template.ofType(FUNCTION).flatMap((resource) => {
      const arn = String(resource.attribute('Arn'));
      try {
        return [readFunction(resource, arn, assetDirectory(resource))];
      } catch (error) {
        if (!(error instanceof UnsupportedTemplateError)) throw error;
        this.#unsupported.set(arn, error);
        return [];
      }
    });
    const versions = template.ofType(VERSION).flatMap((resource) => {
      parseProperties(resource, versionSchema);
      const unsupported = this.#unsupported.get(functionArnOf(resource.ref));
      if (unsupported) {
        this.#unsupported.set(resource.ref, unsupported);
        return [];
      }
      return [this.#running.get(resource.ref)?.definition ?? publish(resource, functions)];
    });
    this.#run([...functions, ...versions]);
    this.#aliases.clear();
    for (const resource of template.ofType(ALIAS)) {
      const { FunctionVersion } = parseProperties(resource, aliasSchema);
      this.#aliases.set(resource.ref, `${functionArnOf(resource.ref)}:${FunctionVersion}`);
    }
  }

  /** Returns the ARN of a function, version or alias; `undefined` if it does not exist. */
  arnOf(name: string, qualifier: string | undefined): string | undefined {
    const end = `:function:${name}${qualifier === undefined || qualifier === '$LATEST' ? '' : `:${qualifier}`}`;
    const arns = [...this.#running.keys(), ...this.#unsupported.keys(), ...this.#aliases.keys()];
    return arns.find((arn) => arn.endsWith(end));
  }

  /**
   * Invokes a function, version or alias.
   *
   * @throws Error if it does not exist.
   * @throws UnsupportedTemplateError naming the property for which it cannot run locally.
   */
  async invoke(arn: string, event: unknown): Promise<InvocationResult> {
    const target = this.#aliases.get(arn) ?? arn;
    const unsupported = this.#unsupported.get(target);
    if (unsupported) throw unsupported;
    const running = this.#running.get(target);
    if (running === undefined) throw new Error(`no function ${arn}`);
    return running.host.invoke(event);
  }

  async close(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()));
  }

  #run(definitions: readonly FunctionDefinition[]): void {
    const before = new Map(this.#running);
    this.#running.clear();
    for (const definition of definitions) {
      const former = before.get(definition.arn);
      if (former && JSON.stringify(former.definition) === JSON.stringify(definition)) {
        this.#running.set(definition.arn, former);
        before.delete(definition.arn);
      } else {
        const host = this.#start(definition);
        this.#hosts.push(host);
        this.#running.set(definition.arn, { definition, host });
      }
    }
    for (const { host } of before.values()) host.recycle();
  }
}

function publish(
  { logicalId, ref }: ResolvedResource,
  functions: readonly FunctionDefinition[],
): FunctionDefinition {
  const published = functions.find(({ arn }) => arn === functionArnOf(ref));
  if (published) return { ...published, arn: ref, version: ref.slice(ref.lastIndexOf(':') + 1) };
  throw new UnsupportedTemplateError(
    `function of ${logicalId} must be in the template, got: ${ref}`,
  );
}

/** Returns the ARN without its qualifier. */
function functionArnOf(qualifiedArn: string): string {
  return qualifiedArn.split(':').slice(0, 7).join(':');
}
