import { z } from 'zod';
import type { ResolvedResource, ResolvedTemplate } from '../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../template/unsupported';
import { type FunctionDefinition, readFunction } from './function';
import type { InvocationResult } from './protocol';

/** Runs one function, or one version of it. */
export interface FunctionHost {
  invoke(event: unknown): Promise<InvocationResult>;
  /** Ends every execution environment, a busy one after its event. */
  recycle(): void;
  close(): Promise<void>;
}

const FUNCTION = 'AWS::Lambda::Function';
const VERSION = 'AWS::Lambda::Version';
const ALIAS = 'AWS::Lambda::Alias';

/** The resource types that make up the functions of a stack. */
export const functionResourceTypes: readonly string[] = [FUNCTION, VERSION, ALIAS];

// Environments are started as they are needed, whatever is to be kept ready.
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
 * The functions of a stack. A version is a function as it was when the version was published: what is
 * deployed later does not change it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
export class Functions<Host extends FunctionHost> {
  readonly #start: (definition: FunctionDefinition) => Host;
  /** Those that can be invoked, by the ARN of a function or version. */
  readonly #running = new Map<string, { readonly definition: FunctionDefinition; host: Host }>();
  readonly #aliases = new Map<string, string>();
  /** All that were ever started, in their order. */
  readonly #hosts: Host[] = [];

  constructor(start: (definition: FunctionDefinition) => Host) {
    this.#start = start;
  }

  get hosts(): readonly Host[] {
    return this.#hosts;
  }

  /**
   * Makes the functions, versions and aliases what a template says: updates functions, publishes versions
   * that are new, and deletes those that the template no longer has.
   *
   * @throws UnsupportedTemplateError naming what is not imitated.
   */
  deploy(template: ResolvedTemplate, assetDirectory: (resource: ResolvedResource) => string): void {
    const functions = template.ofType(FUNCTION).map((resource) => {
      const arn = template.getAtt(resource.logicalId, 'Arn');
      return readFunction(resource, arn, assetDirectory(resource));
    });
    const versions = template.ofType(VERSION).map((resource) => {
      parseProperties(resource, versionSchema);
      return this.#running.get(resource.ref)?.definition ?? publish(resource, functions);
    });
    this.#run([...functions, ...versions]);
    this.#aliases.clear();
    for (const resource of template.ofType(ALIAS)) {
      const { FunctionVersion } = parseProperties(resource, aliasSchema);
      this.#aliases.set(resource.ref, `${functionArnOf(resource.ref)}:${FunctionVersion}`);
    }
  }

  /**
   * Invokes a function, or what a qualified ARN names.
   *
   * @throws Error if there is none.
   */
  async invoke(arn: string, event: unknown): Promise<InvocationResult> {
    const running = this.#running.get(this.#aliases.get(arn) ?? arn);
    if (running === undefined) throw new Error(`there is no function ${arn}`);
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
  throw new UnsupportedTemplateError(`${logicalId} is a version of no function of the template`);
}

/** The ARN without the qualifier that follows the function's name. */
function functionArnOf(qualifiedArn: string): string {
  return qualifiedArn.split(':').slice(0, 7).join(':');
}
