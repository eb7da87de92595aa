import { z } from 'zod';
import { resolveIntrinsics, type TemplateReferences } from './intrinsics';
import { attribute, identity, type Nameable, physicalId } from './physical-ids';
import { parseProperties, type Resource, UnsupportedTemplateError } from './unsupported';
import { versionNumbers } from './version-numbers';

/** Resource of the resolved template, with its physical id. */
export interface ResolvedResource extends Resource {
  /** Physical id: the result of `Ref`. */
  readonly ref: string;
  /** Metadata of the template, for example CDK's `aws:asset:path`. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Template whose intrinsic functions, conditions and parameters are resolved. */
export interface ResolvedTemplate {
  readonly stackName: string;
  /** Resources, each after those that it refers to. */
  readonly resources: readonly ResolvedResource[];
  ofType(type: string): readonly ResolvedResource[];
  /**
   * Returns a resource.
   *
   * @throws UnsupportedTemplateError if the template does not have it.
   */
  get(logicalId: string): ResolvedResource;
  /**
   * Returns the result of `Fn::GetAtt`.
   *
   * @throws UnsupportedTemplateError if local mode does not support the attribute.
   */
  getAtt(logicalId: string, attributeName: string): string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const resourceSchema = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string(), z.array(z.string())]).default([]),
  Condition: z.string().optional(),
  // They apply when a stack is changed or deleted. Local mode starts with an empty stack each time.
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});

const templateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: z.unknown().optional(),
  // Assertions on parameters. CDK writes one that checks the version of its bootstrap stack.
  Rules: z.unknown().optional(),
  Parameters: z
    .record(z.string(), z.looseObject({ Default: z.union([z.string(), z.number()]).optional() }))
    .default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({ Value: z.unknown().optional(), Condition: z.string().optional() }),
    )
    .default({}),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
const PSEUDO_PARAMETERS: Readonly<Record<string, unknown>> = {
  'AWS::AccountId': identity.accountId,
  'AWS::NoValue': undefined,
  'AWS::NotificationARNs': [],
  'AWS::Partition': identity.partition,
  'AWS::Region': identity.region,
  'AWS::URLSuffix': identity.urlSuffix,
};

/**
 * Resolves a synthesized CloudFormation template against the fixed identity of local mode:
 * account 000000000000, region us-east-1.
 *
 * @throws UnsupportedTemplateError naming an unsupported intrinsic function, reference or section, or
 * the resources of a circular reference.
 */
export function resolveTemplate(
  template: unknown,
  { stackName }: { readonly stackName: string },
): ResolvedTemplate {
  const { Parameters, Conditions, Resources, Outputs } = parseProperties(
    { logicalId: stackName, type: 'CloudFormation template', properties: template },
    templateSchema,
  );
  const resolved = new Map<string, ResolvedResource>();
  const inProgress: string[] = [];
  const versions = versionNumbers(Resources);

  const references: TemplateReferences = {
    ref(name) {
      if (name === 'AWS::StackName') return stackName;
      if (Object.hasOwn(PSEUDO_PARAMETERS, name)) return PSEUDO_PARAMETERS[name];
      const parameter = Object.hasOwn(Parameters, name) ? Parameters[name] : undefined;
      if (!parameter) return visit(name).ref;
      if (parameter.Default !== undefined) return parameter.Default;
      throw new UnsupportedTemplateError(`template parameter ${name} must have a Default`);
    },
    getAtt: (logicalId, attributeName) => attribute(nameable(visit(logicalId)), attributeName),
    condition(name) {
      const condition = Object.hasOwn(Conditions, name) ? Conditions[name] : undefined;
      if (condition !== undefined) return resolveIntrinsics(condition, references) === true;
      throw missing('condition', name);
    },
  };
  const holds = ({ Condition }: { Condition?: string | undefined }) =>
    Condition === undefined || references.condition(Condition);
  const nameable = (resource: ResolvedResource): Nameable => ({
    ...resource,
    stackName,
    properties: resource.properties as Readonly<Record<string, unknown>>,
    versionNumber: versions.get(resource.logicalId),
  });

  function visit(logicalId: string): ResolvedResource {
    const known = resolved.get(logicalId);
    if (known) return known;
    const resource = Object.hasOwn(Resources, logicalId) ? Resources[logicalId] : undefined;
    if (!resource || !holds(resource)) {
      throw missing('resource', logicalId);
    }
    if (inProgress.includes(logicalId)) {
      const circle = [...inProgress.slice(inProgress.indexOf(logicalId)), logicalId];
      throw new UnsupportedTemplateError(
        `circular reference in the template: ${circle.join(' → ')}`,
      );
    }
    inProgress.push(logicalId);
    for (const dependency of [resource.DependsOn].flat()) visit(dependency);
    const properties = resolveIntrinsics(resource.Properties, references);
    inProgress.pop();
    const named = { logicalId, type: resource.Type, properties, metadata: resource.Metadata };
    const done = { ...named, ref: physicalId(nameable({ ...named, ref: '' })) };
    resolved.set(logicalId, done);
    return done;
  }

  for (const [logicalId, resource] of Object.entries(Resources)) {
    if (holds(resource)) visit(logicalId);
  }
  const resources = [...resolved.values()];
  return {
    stackName,
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    get(logicalId) {
      const resource = resolved.get(logicalId);
      if (resource) return resource;
      throw missing('resource', logicalId);
    },
    getAtt: references.getAtt,
    outputs: Object.fromEntries(
      Object.entries(Outputs)
        .filter(([, output]) => holds(output))
        .map(([name, output]) => [name, resolveIntrinsics(output.Value, references)]),
    ),
  };
}

function missing(kind: 'condition' | 'resource', name: string): UnsupportedTemplateError {
  return new UnsupportedTemplateError(`the template has no ${kind} ${name}`);
}
