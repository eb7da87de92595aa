import { GATEWAY_RESOURCE_TYPES } from '../gateway/definition/resource-schemas';
import { FUNCTION_RESOURCE_TYPES } from '../lambda/functions';
import type { ResolvedTemplate } from '../template/resolve';
import { rejectUnsupportedTypes } from '../template/supported-resources';
import type { PublishedVersions } from '../template/version-numbers';
import { EMBEDDED_RESOURCE_TYPES } from './embedded-aws';
import { ROTATION_RESOURCE_TYPES } from './rotations';
import { resolveStacks, type StackTemplate } from './stack-template';
import type { SynthesizedStack } from './synthesize';

const SUPPORTED_TYPES = [
  ...EMBEDDED_RESOURCE_TYPES,
  ...FUNCTION_RESOURCE_TYPES,
  ...GATEWAY_RESOURCE_TYPES,
  ...ROTATION_RESOURCE_TYPES,
];

/**
 * Resolves the template of a stack, with those of its dependencies and nested stacks.
 *
 * @throws UnsupportedTemplateError naming an unsupported part of a template, or resources of a type that local mode
 * does not serve.
 */
export function readSupportedTemplate(
  stack: StackTemplate & Pick<SynthesizedStack, 'dependencies'>,
  publishedVersions: PublishedVersions,
): ResolvedTemplate {
  const resolved = resolveStacks(stack, stack.dependencies, publishedVersions);
  rejectUnsupportedTypes(resolved, SUPPORTED_TYPES);
  return resolved;
}
