import { resolve as resolvePath } from 'node:path';
import { dependencyOrder } from './dependency-order';
import { type Identity, LOCAL_IDENTITY } from './identity';
import { resolveIntrinsics, type TemplateReferences } from './intrinsics';
import { attribute, type Nameable, physicalId } from './physical-ids';
import { type TemplateResource, templateSchema } from './schema';
import { parseProperties, type Resource, UnsupportedTemplateError } from './unsupported';
import { type PublishedVersions, versionNumbers } from './version-numbers';

/** Resource type of a nested stack. */
export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** Resource of a resolved template, with its physical id. */
export interface ResolvedResource extends Resource {
  /** Physical id: the result of `Ref`. */
  readonly ref: string;
  /** Properties, each resolved when it is read, so that one that is not read cannot fail. */
  readonly properties: unknown;
  /** Metadata of the template, for example CDK's `aws:asset:path`. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Path of the file or directory with the resource's asset; absent if it has none. */
  readonly assetPath?: string;
  /** Returns the result of `Fn::GetAtt`. */
  attribute(name: string): unknown;
}

/** Template whose intrinsic functions, conditions and parameters are resolved. */
export interface ResolvedTemplate {
  readonly stackName: string;
  readonly identity: Identity;
  /** Resources, each after those that it refers to. */
  readonly resources: readonly ResolvedResource[];
  ofType(type: string): readonly ResolvedResource[];
  /**
   * Returns a resource.
   *
   * @throws UnsupportedTemplateError if the template does not have it.
   */
  get(logicalId: string): ResolvedResource;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Values that other stacks can import, by name. */
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Surroundings of a stack. */
export interface StackOptions {
  readonly stackName: string;
  /** Default: that of an app that names no account and region. */
  readonly identity?: Identity;
  /** Directory that asset paths are relative to. Default: the working directory. */
  readonly directory?: string;
  /** Values of the template's parameters. Default: those of the template. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Stacks whose outputs the template can refer to. Default: none. */
  readonly others?: readonly Pick<ResolvedTemplate, 'stackName' | 'exports' | 'outputs'>[];
  /** Versions that earlier templates of the stack published. It receives the new ones. Default: none. */
  readonly publishedVersions?: PublishedVersions;
  /** Returns a nested stack. Default: nested stacks have no outputs. */
  readonly nested?: (resource: ResolvedResource) => Pick<ResolvedTemplate, 'outputs'>;
}

/**
 * Resolves a synthesized CloudFormation template.
 *
 * @throws UnsupportedTemplateError naming an unsupported section, or the resources of a circular reference.
 * Unsupported functions and references are reported when the property that contains them is read.
 */
export function resolveTemplate(template: unknown, options: StackOptions): ResolvedTemplate {
  const { stackName, identity = LOCAL_IDENTITY, directory = '.', others = [] } = options;
  const { Parameters, Mappings, Conditions, Resources, Outputs } = parseProperties(
    { logicalId: stackName, type: 'CloudFormation template', properties: template },
    templateSchema,
  );
  const versions = versionNumbers(Resources, stackName, options.publishedVersions);
  const pseudoParameters = pseudoParametersOf(stackName, identity);
  const references: TemplateReferences = {
    ref(name) {
      if (Object.hasOwn(pseudoParameters, name)) return pseudoParameters[name];
      const value = own(options.parameters ?? {}, name);
      if (value !== undefined) return value;
      const parameter = own(Parameters, name);
      if (!parameter) return get(name).ref;
      if (parameter.Default !== undefined) return parameter.Default;
      throw new UnsupportedTemplateError(`template parameter ${name} must have a Default`);
    },
    getAtt: (logicalId, attributeName) => get(logicalId).attribute(attributeName),
    condition(name) {
      const condition = own(Conditions, name);
      if (condition !== undefined) return resolveIntrinsics(condition, references) === true;
      throw missing('condition', name);
    },
    mapping: (name, key, secondKey) => own(own(own(Mappings, name) ?? {}, key) ?? {}, secondKey),
    exported: (name) =>
      others.map(({ exports }) => own(exports, name)).find((value) => value !== undefined),
    stackOutput(stack, name) {
      const producer = others.find((other) => other.stackName === stack);
      return producer && own(producer.outputs, name);
    },
  };
  const holds = ({ Condition }: { Condition?: string | undefined }) =>
    Condition === undefined || references.condition(Condition);

  const declared = Object.fromEntries(Object.entries(Resources).filter(([, it]) => holds(it)));
  const byId = new Map(
    dependencyOrder(declared).map((id) => [id, resolved(id, declared[id] as TemplateResource)]),
  );

  function resolved(
    logicalId: string,
    { Type, Properties, Metadata }: TemplateResource,
  ): ResolvedResource {
    const properties = lazily(Properties, (value) => resolveIntrinsics(value, references));
    const versionNumber = versions.get(logicalId);
    const nameable: Nameable = {
      ...{ stackName, identity, logicalId, type: Type, properties, versionNumber },
    };
    const assetPath = Metadata['aws:asset:path'];
    return {
      ...{ logicalId, type: Type, properties, metadata: Metadata },
      ...(typeof assetPath === 'string' && { assetPath: resolvePath(directory, assetPath) }),
      get ref() {
        return physicalId(nameable);
      },
      attribute(name) {
        const output = /^Outputs\.(.+)$/.exec(name)?.[1];
        if (Type !== NESTED_STACK || output === undefined) return attribute(nameable, name);
        const value = options.nested && own(options.nested(this).outputs, output);
        if (value !== undefined) return value;
        throw new UnsupportedTemplateError(`${logicalId} (${Type}) has no output ${output}`);
      },
    };
  }

  function get(logicalId: string): ResolvedResource {
    const resource = byId.get(logicalId);
    if (resource) return resource;
    throw missing('resource', logicalId);
  }

  const resources = [...byId.values()];
  const outputs = Object.entries(Outputs).filter(([, output]) => holds(output));
  const exported = outputs.filter(([, { Export }]) => Export !== undefined);
  const resolve = (value: unknown) => resolveIntrinsics(value, references);
  return {
    stackName,
    identity,
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    get,
    outputs: lazily(Object.fromEntries(outputs), ({ Value }) => resolve(Value)),
    get exports() {
      const values = exported.map(([, { Value, Export }]) => [
        String(resolve(Export?.Name)),
        Value,
      ]);
      return lazily(Object.fromEntries(values), resolve);
    },
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
function pseudoParametersOf(
  stackName: string,
  { accountId, region, partition, urlSuffix }: Identity,
): Readonly<Record<string, unknown>> {
  return {
    'AWS::AccountId': accountId,
    'AWS::NoValue': undefined,
    'AWS::NotificationARNs': [],
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': urlSuffix,
  };
}

/** Returns an object whose members are computed when they are read first. */
function lazily<Value>(
  members: Readonly<Record<string, Value>>,
  compute: (value: Value) => unknown,
): Record<string, unknown> {
  const computed = new Map<string, unknown>();
  const object = {};
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(object, name, {
      enumerable: true,
      get() {
        if (!computed.has(name)) computed.set(name, compute(value));
        return computed.get(name);
      },
    });
  }
  return object;
}

function own<Value>(members: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function missing(kind: 'condition' | 'resource', name: string): UnsupportedTemplateError {
  return new UnsupportedTemplateError(`the template has no ${kind} ${name}`);
}
