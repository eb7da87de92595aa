import type { TemplateResource } from './schema';
import { UnsupportedTemplateError } from './unsupported';

/**
 * Returns the logical ids of resources, each after those that it refers to.
 *
 * @throws UnsupportedTemplateError naming the resources of a circular reference, which CloudFormation rejects.
 */
export function dependencyOrder(
  resources: Readonly<Record<string, TemplateResource>>,
): readonly string[] {
  const order = new Set<string>();
  const path: string[] = [];
  function visit(logicalId: string): void {
    const resource = Object.hasOwn(resources, logicalId) ? resources[logicalId] : undefined;
    if (resource === undefined || order.has(logicalId)) return;
    if (path.includes(logicalId)) {
      const circle = [...path.slice(path.indexOf(logicalId)), logicalId];
      throw new UnsupportedTemplateError(
        `circular reference in the template: ${circle.join(' → ')}`,
      );
    }
    path.push(logicalId);
    for (const dependency of [resource.DependsOn].flat()) visit(dependency);
    for (const reference of referencesIn(resource.Properties)) visit(reference);
    path.pop();
    order.add(logicalId);
  }
  for (const logicalId of Object.keys(resources)) visit(logicalId);
  return [...order];
}

/** Returns the names that `Ref`, `Fn::GetAtt` and `Fn::Sub` of a value refer to. */
function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'Ref') return [String(member)];
    if (key === 'Fn::GetAtt') return [String([member].flat()[0]).split('.')[0] ?? ''];
    if (key !== 'Fn::Sub') return referencesIn(member);
    const [text, variables] = [member].flat();
    const names = [...String(text).matchAll(/\$\{([^!.}]+)/g)].map(([, name = '']) => name);
    return [...names, ...referencesIn(variables)];
  });
}
