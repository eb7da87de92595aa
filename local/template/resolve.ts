import { z } from 'zod';
import { resolveIntrinsics, type Scope } from './intrinsics';
import { attribute, identity, type Nameable, physicalId } from './physical-ids';
import { parseProperties, type Resource, UnsupportedTemplateError } from './unsupported';
import { versionNumbers } from './version-numbers';

/** A resource of the resolved template, with what CloudFormation would know of it after a deployment. */
export interface ResolvedResource extends Resource {
  /** The physical id: what `Ref` answers. */
  readonly ref: string;
  /** Metadata as in the template, for example CDK's `aws:asset:path`. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A template without intrinsic functions, conditions or parameters. */
export interface ResolvedTemplate {
  readonly stackName: string;
  /** Each resource comes after those it refers to. */
  readonly resources: readonly ResolvedResource[];
  ofType(type: string): readonly ResolvedResource[];
  /** @throws NotUnderstoodError when the template has no such resource. */
  get(logicalId: string): ResolvedResource;
  /** What `Fn::GetAtt` answers. @throws NotUnderstoodError for an attribute that is not known. */
  getAtt(logicalId: string, attributeName: string): string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const resourceSchema = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string(), z.array(z.string())]).default([]),
  Condition: z.string().optional(),
  // What happens when a stack is changed or deleted: local mode starts afresh each time.
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});

const templateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: z.unknown().optional(),
  // Assertions on parameters; CDK writes one that checks the version of its bootstrap stack.
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

const pseudoParameters: Readonly<Record<string, unknown>> = {
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
 * @throws NotUnderstoodError naming an intrinsic function, reference or section that local mode does
 * not know, or the resources of a circular reference.
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

  const scope: Scope = {
    ref(name) {
      if (name === 'AWS::StackName') return stackName;
      if (Object.hasOwn(pseudoParameters, name)) return pseudoParameters[name];
      const parameter = Object.hasOwn(Parameters, name) ? Parameters[name] : undefined;
      if (!parameter) return visit(name).ref;
      if (parameter.Default !== undefined) return parameter.Default;
      throw new UnsupportedTemplateError(`the template parameter ${name} has no Default`);
    },
    getAtt: (logicalId, attributeName) => attribute(nameable(visit(logicalId)), attributeName),
    condition(name) {
      const condition = Object.hasOwn(Conditions, name) ? Conditions[name] : undefined;
      if (condition !== undefined) return resolveIntrinsics(condition, scope) === true;
      throw new UnsupportedTemplateError(`the template has no condition ${name}`);
    },
  };
  const holds = ({ Condition }: { Condition?: string | undefined }) =>
    Condition === undefined || scope.condition(Condition);
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
      throw new UnsupportedTemplateError(`the template has no resource ${logicalId}`);
    }
    if (inProgress.includes(logicalId)) {
      const circle = [...inProgress.slice(inProgress.indexOf(logicalId)), logicalId];
      throw new UnsupportedTemplateError(
        `circular reference in the template: ${circle.join(' → ')}`,
      );
    }
    inProgress.push(logicalId);
    for (const dependency of [resource.DependsOn].flat()) visit(dependency);
    const properties = resolveIntrinsics(resource.Properties, scope);
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
      throw new UnsupportedTemplateError(`the template has no resource ${logicalId}`);
    },
    getAtt: scope.getAtt,
    outputs: Object.fromEntries(
      Object.entries(Outputs)
        .filter(([, output]) => holds(output))
        .map(([name, output]) => [name, resolveIntrinsics(output.Value, scope)]),
    ),
  };
}
