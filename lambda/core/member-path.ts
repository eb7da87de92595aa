import { isJsonObject } from './json';

/**
 * Returns the member of an object that a path such as `ext.tenant` names, or `undefined`. A member whose name
 * contains dots itself, such as `https://example.com/tenant`, is found by that name.
 */
export function memberAt(value: unknown, path: string): unknown {
  if (!isJsonObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const parent = path.slice(0, dot);
    const found = Object.hasOwn(value, parent)
      ? memberAt(value[parent], path.slice(dot + 1))
      : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
