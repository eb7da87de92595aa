import { type JsonSchema, variantsOf } from './json-schema';
import { valueType } from './value-type';

/** A key of the deployment config. */
export interface ConfigKey {
  /** Dotted path, such as `api.routes[].method`. */
  readonly path: string;
  /** Noun phrase for its values. */
  readonly type: string;
  readonly required: boolean;
  readonly defaultValue?: unknown;
  readonly whenAbsent?: string | undefined;
  readonly description: string;
  readonly details?: string | undefined;
}

/** Returns the keys of a config in the order of their schema, each before the keys below it. */
export function configKeys(root: JsonSchema): readonly ConfigKey[] {
  return keysBelow('', variantsOf(root));
}

/** Returns a property path in the notation of {@link ConfigKey.path}: indices are left out. */
export function keyPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? '[]' : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function keysBelow(parent: string, schemas: readonly JsonSchema[]): readonly ConfigKey[] {
  const names = [...new Set(schemas.flatMap(({ properties = {} }) => Object.keys(properties)))];
  return names.flatMap((name) => {
    const path = parent === '' ? name : `${parent}.${name}`;
    const owners = schemas.filter(({ properties = {} }) => Object.hasOwn(properties, name));
    const [declared = {}, ...others] = owners.flatMap(({ properties }) => properties?.[name] ?? []);
    const variants = [declared, ...others].flatMap(variantsOf);
    const key: ConfigKey = {
      path,
      type: valueType(variants),
      required: owners.every(({ required = [] }) => required.includes(name)),
      defaultValue: declared.default,
      whenAbsent: declared.whenAbsent,
      description: declared.description ?? '',
      details: declared.details,
    };
    // Members of one object, or of a list of such objects, are described once.
    const described = new Set(variants.map((it) => JSON.stringify(it)));
    const items = variants
      .flatMap(({ items }) => (items ? variantsOf(items) : []))
      .filter((it) => !described.has(JSON.stringify(it)));
    return [key, ...keysBelow(path, variants), ...keysBelow(`${path}[]`, items)];
  });
}
