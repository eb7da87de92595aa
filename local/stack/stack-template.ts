import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Identity } from '../template/identity';
import {
  NESTED_STACK,
  type ResolvedResource,
  type ResolvedTemplate,
  resolveTemplate,
} from '../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../template/unsupported';
import type { PublishedVersions } from '../template/version-numbers';

/** Template of a synthesized stack, and what it is resolved with. */
export interface StackTemplate {
  readonly stackName: string;
  readonly template: unknown;
  /** Directory to which the template's asset paths are relative. */
  readonly directory: string;
  /** Account and region. Default: those of an app that names none. */
  readonly identity?: Identity;
  /** Versions that earlier templates of the stack published. It receives the new ones. Default: none. */
  readonly publishedVersions?: PublishedVersions;
}

// They apply when a stack is changed or deleted.
const nestedStackSchema = z.looseObject({
  Parameters: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Resolves the template of a stack and those of its dependencies and nested stacks to one template, which
 * has the resources of all of them, those of the stack first.
 *
 * @throws UnsupportedTemplateError naming an unsupported part of a template.
 */
export function resolveStacks(
  stack: StackTemplate,
  dependencies: readonly StackTemplate[] = [],
  publishedVersions: PublishedVersions = new Map(),
): ResolvedTemplate {
  const others: ResolvedTemplate[] = [];
  for (const dependency of dependencies) {
    others.push(resolveStack({ ...dependency, publishedVersions }, others));
  }
  const main = resolveStack({ ...stack, publishedVersions }, others);
  return withResources(
    main,
    [main, ...others].flatMap(({ resources }) => resources),
  );
}

/** Resolves a stack. Its resources include those of its nested stacks. */
function resolveStack(
  stack: StackTemplate,
  others: readonly ResolvedTemplate[],
  parameters: Readonly<Record<string, unknown>> = {},
): ResolvedTemplate {
  const { template, ...surroundings } = stack;
  const nestedStacks = new Map<string, ResolvedTemplate>();
  const nested = (resource: ResolvedResource) => {
    const { logicalId } = resource;
    const known = nestedStacks.get(logicalId);
    if (known) return known;
    const resolved = resolveNestedStack(stack, resource, others);
    nestedStacks.set(logicalId, resolved);
    return resolved;
  };
  const own = resolveTemplate(template, { ...surroundings, parameters, others, nested });
  const below = own.ofType(NESTED_STACK).flatMap((resource) => nested(resource).resources);
  return withResources(own, [...own.resources, ...below]);
}

function resolveNestedStack(
  { stackName, template: _, ...surroundings }: StackTemplate,
  resource: ResolvedResource,
  others: readonly ResolvedTemplate[],
): ResolvedTemplate {
  const { logicalId, assetPath } = resource;
  if (assetPath === undefined) {
    throw new UnsupportedTemplateError(
      `template of the nested stack ${logicalId} must be an asset`,
    );
  }
  const { Parameters } = parseProperties(resource, nestedStackSchema);
  const stack: StackTemplate = {
    stackName: `${stackName}-${logicalId}`,
    template: JSON.parse(readFileSync(assetPath, 'utf8')),
    ...surroundings,
  };
  return resolveStack(stack, others, Parameters);
}

function withResources(
  template: ResolvedTemplate,
  resources: readonly ResolvedResource[],
): ResolvedTemplate {
  return {
    ...template,
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
  };
}
