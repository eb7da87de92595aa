import type { JsonSchema } from './json-schema';

/**
 * Returns a noun phrase for the values that the schemas allow, such as `a whole number from 5 to 1000`.
 * Values of strings are in double quotes.
 */
export function valueType(schemas: readonly JsonSchema[]): string {
  const literals = [...new Set(schemas.flatMap(literalsOf))];
  const others = schemas.filter((schema) => literalsOf(schema).length === 0).map(kindOf);
  return [...new Set([...(literals.length > 0 ? [oneOf(literals)] : []), ...others])].join(' or ');
}

function literalsOf(schema: JsonSchema): readonly string[] {
  const values = schema.const === undefined ? (schema.enum ?? []) : [schema.const];
  return values.map((value) => JSON.stringify(value));
}

function oneOf(literals: readonly string[]): string {
  return literals.length === 1 ? literals.join() : `one of ${literals.join(', ')}`;
}

function kindOf(schema: JsonSchema): string {
  if (schema.valueType) return schema.valueType;
  switch (schema.type) {
    case 'string':
      if (schema.format === 'uri') return 'a URL';
      return schema.minLength ? 'a non-empty string' : 'a string';
    case 'number':
      return `a number${boundsOf(schema)}`;
    case 'integer':
      return `a whole number${boundsOf(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a ${schema.minItems ? 'non-empty ' : ''}list of ${pluralOf(schema.items)}`;
    default:
      return `an object${membersOf(schema)}`;
  }
}

function boundsOf({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  // Zod states the bounds of safe integers, which are not rules of a key.
  const upper = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (exclusiveMinimum !== undefined) {
    return ` greater than ${exclusiveMinimum}${upper === undefined ? '' : ` and at most ${upper}`}`;
  }
  if (minimum === undefined) return '';
  return upper === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${upper}`;
}

function pluralOf(items: JsonSchema | undefined): string {
  if (items?.type === 'string') return items.format === 'uri' ? 'URLs' : 'strings';
  return items?.type === 'array' ? 'lists' : 'objects';
}

function membersOf({ required = [] }: JsonSchema): string {
  return required.length === 0 ? '' : ` with ${required.map((name) => `"${name}"`).join(' and ')}`;
}
