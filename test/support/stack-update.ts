/** Resource as a template declares it. */
export interface DeclaredResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}

export type Resources = Readonly<Record<string, DeclaredResource>>;

/** CloudFormation template, as far as updates need it. */
export interface UpdatableTemplate {
  readonly Resources: Resources;
}

/** Chooses the next resource among those whose dependencies are complete. */
export type Choose = (logicalIds: readonly string[]) => string;

/**
 * Update of a stack in the steps of CloudFormation. Resources are created and updated one at a time, each
 * after those that it refers to. Removed resources are deleted last.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks.html
 */
export class StackUpdate {
  #resources: Resources;
  /** Resources that existed before the current update, retained ones included. */
  #existing: ReadonlySet<string> = new Set();

  constructor(private readonly before: UpdatableTemplate) {
    this.#resources = before.Resources;
  }

  /** Current template of the stack, with the resources that earlier updates retained. */
  get template(): UpdatableTemplate {
    return { ...this.before, Resources: this.#resources };
  }

  /** Updates the stack, and yields after each change of a resource and after the clean-up. */
  *to({ Resources: target }: UpdatableTemplate, choose: Choose): Generator<string> {
    const former = this.#resources;
    this.#existing = new Set(Object.keys(former));
    const changed = Object.keys(target).filter(
      (id) => JSON.stringify(target[id]) !== JSON.stringify(former[id]),
    );
    const waiting = new Map(changed.map((id) => [id, dependenciesOf(target, id)]));
    while (waiting.size > 0) {
      const ready = [...waiting]
        .filter(([, dependencies]) => ![...dependencies].some((it) => waiting.has(it)))
        .map(([id]) => id);
      const id = choose(ready);
      waiting.delete(id);
      this.#resources = { ...this.#resources, [id]: target[id] as DeclaredResource };
      yield id;
    }
    this.#resources = Object.fromEntries(
      Object.entries(this.#resources).filter(
        ([id, { DeletionPolicy = 'Delete' }]) => id in target || DeletionPolicy !== 'Delete',
      ),
    );
    yield 'clean-up';
  }

  /** Rolls back an unfinished update to the template that was deployed before it. */
  *backTo({ Resources: target }: UpdatableTemplate, choose: Choose): Generator<string> {
    const existing = this.#existing;
    const created = Object.keys(this.#resources).filter((id) => !existing.has(id));
    for (const id of this.to({ Resources: target }, choose)) if (id !== 'clean-up') yield id;
    // Resources that a failed update created are deleted in spite of their deletion policy.
    this.#resources = Object.fromEntries(
      Object.entries(this.#resources).filter(([id]) => !created.includes(id)),
    );
    yield 'clean-up';
  }
}

/** Returns all resources that a resource depends on. */
export function dependenciesOf(
  resources: Resources,
  logicalId: string,
  found = new Set<string>(),
): ReadonlySet<string> {
  const { Properties = {}, DependsOn = [] } = resources[logicalId] ?? {};
  for (const id of [...referencesIn(Properties), ...[DependsOn].flat()]) {
    if (!(id in resources) || found.has(id)) continue;
    found.add(id);
    dependenciesOf(resources, id, found);
  }
  return found;
}

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'Ref') return [String(member)];
    if (key === 'Fn::GetAtt') return [String((member as unknown[])[0])];
    return referencesIn(member);
  });
}
