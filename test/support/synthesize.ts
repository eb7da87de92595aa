import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SynthesisMessageLevel } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import type { ScopeRule } from '../../lambda/contract';
import { deploymentConfigSchema } from '../../lib/stack/config/schema';
import { PhantomTokenStack } from '../../lib/stack/phantom-token-stack';
import { ROOT } from './root';

type Json = Record<string, unknown>;

export interface ConfigParts {
  readonly introspection?: Json;
  readonly token?: Json;
  readonly cache?: Json;
  readonly api?: Json;
  readonly operations?: Json;
}

/** Context without what only reports of the CDK need. */
export const WITHOUT_REPORTS = {
  '@aws-cdk/core:annotationsInValidationReport': false,
  '@aws-cdk/core:enableAdditionalMetadataCollection': false,
  'aws:cdk:disable-creation-stack-traces': true,
  'aws:cdk:disable-logicalId-metadata': true,
  'aws:cdk:disable-stack-trace': true,
};

/** Feature flags of the deployment, which shape the template, without what a template does not need. */
export const context = {
  ...JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context,
  ...WITHOUT_REPORTS,
  'aws:cdk:disable-asset-staging': true,
};

/**
 * Directory of all cloud assemblies of the worker, which `environment.ts` creates. Default: one for each. The CDK reads
 * a template from it when it is asked for, so each template is read before the next app is synthesized.
 */
const { SYNTHESIS_DIRECTORY: outdir } = process.env;

/** Returns an app with the context of templates. */
export const newApp = () => new App({ context, ...(outdir && { outdir }), treeMetadata: false });

/** Returns a stack in an app of its own. */
export const newStack = (props?: StackProps) => new Stack(newApp(), 'Stack', props);

/** Returns a config file with the required keys and the given parts. */
export function configFile(parts: ConfigParts = {}): Json {
  const { introspection, token, cache, api, operations } = parts;
  return {
    introspection: { endpoint: 'https://login.example.com/introspect', ...introspection },
    ...(token && { token }),
    ...(cache && { cache }),
    api: { upstream: 'https://orders.internal.example.com', ...api },
    ...(operations && { operations }),
  };
}

/** Adds the stack of a config file to an app or a stage. */
export function addStack(
  scope: Construct,
  parts: ConfigParts = {},
  mode = { local: false },
  props?: StackProps,
) {
  const config = deploymentConfigSchema(mode).parse(configFile(parts));
  return new PhantomTokenStack(scope, config.stackName, { ...props, config });
}

/** Returns the stack of a config file in an app of its own. */
export function stackOf(parts?: ConfigParts, mode?: { local: boolean }, props?: StackProps) {
  return addStack(newApp(), parts, mode, props);
}

/** Stack of a config file that was synthesized. */
export interface Synthesized {
  readonly template: Template;
  /** Texts of the warnings of its constructs. */
  readonly warnings: readonly string[];
}

/** Synthesized stacks of the test file by their configs. */
const synthesized = new Map<string, Synthesized>();

/** Synthesizes a config file. All tests of a test file share the template of a config. */
export function synthesize(...config: Parameters<typeof stackOf>): Synthesized {
  const key = JSON.stringify(config);
  const shared = synthesized.get(key) ?? synthesizeStack(stackOf(...config));
  synthesized.set(key, shared);
  return shared;
}

/** Synthesizes a stack, once. */
export function synthesizeStack(stack: Stack): Synthesized {
  const template = quietly(() => Template.fromStack(stack));
  const { messages } = (stack.node.root as App).synth().getStackArtifact(stack.artifactId);
  const warnings = messages.filter(({ level }) => level === SynthesisMessageLevel.WARNING);
  return { template, warnings: warnings.map(({ entry }) => String(entry.data)) };
}

/** Suppresses the warnings that the CDK prints at each synthesis. */
export function quietly<T>(act: () => T): T {
  const printing = jest.spyOn(console, 'error').mockImplementation();
  try {
    return act();
  } finally {
    printing.mockRestore();
  }
}

/** Returns the template of a stack with the constructs. */
export function synthesizeConstructs(add: (stack: Stack) => void, props?: StackProps): Template {
  const stack = newStack(props);
  add(stack);
  return quietly(() => Template.fromStack(stack));
}

/** Returns logical id and properties of the only resource of a type. */
export function only(template: Template, type: string, properties: Json = {}): [string, Json] {
  const found = Object.entries(template.findResources(type, { Properties: properties }));
  const [first, ...rest] = found;
  if (first === undefined || rest.length > 0) throw new Error(`${found.length} of ${type}`);
  return [first[0], first[1]['Properties']];
}

/** Returns the `SCOPE_RULES` of the only function by the logical id of the API. */
export function scopeRulesOf(template: Template): Record<string, readonly ScopeRule[]> {
  const { Variables } = only(template, 'AWS::Lambda::Function')[1]['Environment'] as {
    Variables: { SCOPE_RULES: { 'Fn::Join': ['', (string | { Ref: string })[]] } };
  };
  const [, parts] = Variables.SCOPE_RULES['Fn::Join'];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : part.Ref)).join(''));
}

/** Returns each action of the only policy with its resource. */
export function allowedBy(template: Template): string[] {
  const [, policy] = only(template, 'AWS::IAM::Policy');
  const { Statement } = policy['PolicyDocument'] as { Statement: Json[] };
  return Statement.flatMap(({ Effect, Action, Resource, ...conditions }) =>
    [Action].flat().flatMap((action) =>
      [Resource].flat().map((resource) => {
        const more = Object.keys(conditions).length > 0 ? ` ${JSON.stringify(conditions)}` : '';
        return `${Effect} ${action} on ${JSON.stringify(resource)}${more}`;
      }),
    ),
  ).sort();
}

export interface MethodSummary {
  readonly properties: Json & { readonly Integration: Json };
}

/** Returns the methods of an API by route, such as `GET /orders/{id}`. */
export function methodsOf(template: Template): Map<string, MethodSummary> {
  const resources = template.findResources('AWS::ApiGateway::Resource');
  const pathOf = (reference: { readonly Ref?: string }): string => {
    const resource = reference.Ref === undefined ? undefined : resources[reference.Ref];
    if (resource === undefined) return '';
    return `${pathOf(resource['Properties'].ParentId)}/${resource['Properties'].PathPart}`;
  };
  return new Map(
    Object.values(template.findResources('AWS::ApiGateway::Method')).map((method) => {
      const properties = method['Properties'];
      const path = pathOf(properties.ResourceId) || '/';
      return [`${properties.HttpMethod} ${path}`, { properties }];
    }),
  );
}
