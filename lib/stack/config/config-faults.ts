import type { z } from 'zod';
import { configKeys, keyPath } from './config-keys';
import { documentedSchema, schemasAt } from './json-schema';
import { similarKey } from './similar-key';
import { valueType } from './value-type';

type Issue = z.core.$ZodIssue;

/** Keys whose values can be credentials, and are not shown. */
const CONFIDENTIAL_KEY = /^introspection\.(parameters|credentialsSecretArn)/;

/** Maximum length of a value in a message. */
const SHOWN_CHARACTERS = 80;

/** Returns a sentence for each issue of a config: key, rule and the value got. */
export function configFaults(issues: readonly Issue[], config: unknown): readonly string[] {
  const schema = documentedSchema();
  return issues.flatMap(describe);

  function describe(issue: Issue): readonly string[] {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey([...issue.path, key]));
    }
    const meant = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined;
    if (meant) {
      return meant.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }));
    }
    const value = valueAt(config, issue.path);
    return [`${formatPath(issue.path)}: ${ruleOf(issue, value)}${got(issue, value)}`];
  }

  function unknownKey(path: readonly PropertyKey[]): string {
    const known = configKeys(schema).map((key) => key.path);
    const meant = similarKey(keyPath(path), known);
    return `${formatPath(path)}: is not a known key${meant ? `; did you mean ${meant}?` : ''}`;
  }

  function ruleOf(issue: Issue, value: unknown): string {
    if (hasOwnMessage(issue)) return issue.message;
    if (issue.code === 'invalid_key') return 'must have a name';
    if (value === undefined) return 'is required';
    return `must be ${valueType(schemasAt(schema, issue.path))}`;
  }
}

/** Returns whether the schema states the rule; else it follows from the type of the value. */
function hasOwnMessage({ code }: Issue): boolean {
  return code === 'custom' || code === 'invalid_format';
}

function got(issue: Issue, value: unknown): string {
  const isComposite = typeof value === 'object' && value !== null;
  if (value === undefined || CONFIDENTIAL_KEY.test(keyPath(issue.path))) return '';
  if (!isComposite) return `, got: ${shown(value)}`;
  if (hasOwnMessage(issue)) return '';
  if (!Array.isArray(value)) return ', got: an object';
  return value.length === 0 ? ', got: an empty list' : ', got: a list';
}

/** Returns a value as JSON of bounded length, without what can be credentials in a URL. */
function shown(value: unknown): string {
  const text =
    typeof value === 'string' ? value.replace(/^.*@/s, '…@').replace(/[?#].*$/s, '?…') : value;
  const json = JSON.stringify(text);
  return json.length > SHOWN_CHARACTERS ? `${json.slice(0, SHOWN_CHARACTERS)}…` : json;
}

function valueAt(config: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined,
    config,
  );
}

/** Returns the issues of the alternative that was meant: the one whose issues lie within the value. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const within = branches.find((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  return within ?? branches.find((issues) => issues.every(({ code }) => code !== 'invalid_type'));
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(file)';
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
