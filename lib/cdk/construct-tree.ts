import { CfnResource, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type Referent, referentOf } from './referent';

/** Class of the resources of a type. */
interface ResourceClass<Resource extends CfnResource> {
  readonly CFN_RESOURCE_TYPE_NAME: string;
  prototype: Resource;
}

/** Phase of a synthesis at whose beginning the resources of an app are read again. */
export type Phase = 'aspects' | 'validation';

/** Resources by type and, for each property that was asked for, by the referent of that property. */
class ResourceIndex {
  private readonly types = new Map<string, CfnResource[]>();
  private readonly properties = new Map<string, Map<Referent, CfnResource[]>>();

  constructor(root: IConstruct) {
    for (const it of root.node.findAll()) {
      if (CfnResource.isCfnResource(it)) push(this.types, it.cfnResourceType, it);
    }
  }

  /** Returns the resources of a type by the referent of a property. */
  by(type: string, property: string): ReadonlyMap<Referent, readonly CfnResource[]> {
    const key = `${type} ${property}`;
    const known = this.properties.get(key);
    if (known !== undefined) return known;
    const made = new Map<Referent, CfnResource[]>();
    const referents = new Map<unknown, Referent>();
    for (const resource of this.types.get(type) ?? []) {
      const value = (resource as unknown as Record<string, unknown>)[property];
      const referent = referents.get(value) ?? referentOf(resource, value);
      referents.set(value, referent);
      push(made, referent, resource);
    }
    this.properties.set(key, made);
    return made;
  }
}

/** Index of an assembly while it is synthesized. */
interface SynthesisIndex {
  readonly phase: Phase;
  readonly entered: Set<IConstruct>;
  readonly index: ResourceIndex;
}

const indexes = new WeakMap<IConstruct, SynthesisIndex>();

/**
 * Reads the resources of an app for a phase of its synthesis, once for all constructs that enter the phase.
 * Before synthesis constructs can be added at any time, so each search reads them again.
 */
export function enterPhase(construct: IConstruct, phase: Phase): void {
  const root = assemblyOf(construct);
  const current = indexes.get(root);
  if (current?.phase === phase && !current.entered.has(construct)) {
    current.entered.add(construct);
  } else {
    const index = new ResourceIndex(root);
    indexes.set(root, { phase, entered: new Set([construct]), index });
  }
}

/** Returns the resources of a type in the app of a construct, a property of which has a referent. */
export function resourcesWith<Resource extends CfnResource>(
  construct: IConstruct,
  { CFN_RESOURCE_TYPE_NAME: type }: ResourceClass<Resource>,
  property: keyof Resource & string,
  referent: Referent,
): readonly Resource[] {
  const found = indexFor(construct).by(type, property).get(referent) ?? [];
  return found as readonly CfnResource[] as readonly Resource[];
}

/** Returns the app or stage that is synthesized into one assembly; constructs of another one are unrelated. */
export function assemblyOf(construct: IConstruct): IConstruct {
  return Stage.of(construct) ?? construct.node.root;
}

function indexFor(construct: IConstruct): ResourceIndex {
  const root = assemblyOf(construct);
  return indexes.get(root)?.index ?? new ResourceIndex(root);
}

function push<Key>(map: Map<Key, CfnResource[]>, key: Key, resource: CfnResource): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [resource]);
  else list.push(resource);
}
