import { z } from 'zod';
import { deploymentConfigSchema } from './schema';

/** Part of a JSON Schema, as far as it is read here. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  /** Short sentence; code in it is in backticks, which the published schema leaves out. */
  readonly description?: string;
  /** Effect of leaving the key out, in Markdown; for keys without a default value. */
  readonly whenAbsent?: string;
  /** Noun phrase for its values, for the page only. Default: derived from the schema. */
  readonly valueType?: string;
  /** Further sentences in Markdown, for the page only. */
  readonly details?: string;
}

let documented: JsonSchema | undefined;

/** Returns the JSON Schema of a config file, with the members that only the documentation uses. */
export function documentedSchema(): JsonSchema {
  documented ??= z.toJSONSchema(deploymentConfigSchema({ local: false }), {
    io: 'input',
  }) as JsonSchema;
  return documented;
}

/**
 * Returns the published JSON Schema of a config file, for editors. Rules for URLs and routes, and between
 * keys, are checked only when the file is loaded.
 */
export function configJsonSchema(): JsonSchema {
  return JSON.parse(JSON.stringify(documentedSchema()), (_key, value) => publishedPart(value));
}

function publishedPart(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { whenAbsent, valueType: _type, details: _details, ...published }: JsonSchema = value;
  // Only a schema has a text as its description; the properties of an object are schemas.
  if (typeof published.description !== 'string') return value;
  const effect = typeof whenAbsent === 'string' ? ` If absent: ${whenAbsent}.` : '';
  return { ...published, description: `${published.description}${effect}`.replaceAll('`', '') };
}

/** Returns the alternatives of a union, or the schema itself. */
export function variantsOf(schema: JsonSchema): readonly JsonSchema[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  return alternatives?.flatMap(variantsOf) ?? [schema];
}

/** Returns the schemas that a value at a path can have. */
export function schemasAt(root: JsonSchema, path: readonly PropertyKey[]): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (schemas, part) => schemas.flatMap((schema) => memberOf(schema, part)).flatMap(variantsOf),
    variantsOf(root),
  );
}

function memberOf(schema: JsonSchema, part: PropertyKey): readonly JsonSchema[] {
  if (typeof part === 'number') return schema.items ? [schema.items] : [];
  const { properties = {}, additionalProperties: further } = schema;
  const property = Object.hasOwn(properties, part) ? properties[String(part)] : undefined;
  if (property) return [property];
  return typeof further === 'object' ? [further] : [];
}
