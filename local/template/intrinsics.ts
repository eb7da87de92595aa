import { UnsupportedTemplateError } from './unsupported';

/** What the intrinsic functions refer to outside themselves. */
export interface Scope {
  /** `Ref`: a resource, a template parameter or a pseudo parameter; `undefined` is `AWS::NoValue`. */
  ref(name: string): unknown;
  /** `Fn::GetAtt`. */
  getAtt(logicalId: string, attribute: string): string;
  /** The value of a condition of the template's `Conditions`. */
  condition(name: string): boolean;
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(text('Ref', argument)),
  Condition: (argument, scope) => scope.condition(text('Condition', argument)),
  'Fn::GetAtt': (argument, scope) => {
    // A dotted string is the short form of YAML; attributes may have dots, logical ids may not.
    const [logicalId, ...rest] = Array.isArray(argument)
      ? argument
      : text('Fn::GetAtt', argument).split('.');
    return scope.getAtt(text('Fn::GetAtt', logicalId), text('Fn::GetAtt', rest.join('.')));
  },
  'Fn::Join': (argument, scope) => {
    const [delimiter, parts] = list('Fn::Join', resolveIntrinsics(argument, scope));
    return list('Fn::Join', parts)
      .map((part) => text('Fn::Join', part))
      .join(text('Fn::Join', delimiter));
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, source] = list('Fn::Split', resolveIntrinsics(argument, scope));
    return text('Fn::Split', source).split(text('Fn::Split', delimiter));
  },
  'Fn::Select': (argument, scope) => {
    const [index, values] = list('Fn::Select', resolveIntrinsics(argument, scope));
    const selected = list('Fn::Select', values)[Number(index)];
    return selected ?? malformed('Fn::Select', argument);
  },
  'Fn::Sub': (argument, scope) => {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const local = record('Fn::Sub', resolveIntrinsics(variables ?? {}, scope));
    return text('Fn::Sub', template).replace(/\$\{(!?)([^}]*)\}/g, (_, literal, variable) => {
      if (literal) return `\${${variable}}`;
      if (Object.hasOwn(local, variable)) return text('Fn::Sub', local[variable]);
      const [logicalId, ...rest] = variable.split('.');
      return rest.length > 0
        ? scope.getAtt(logicalId, rest.join('.'))
        : text('Fn::Sub', scope.ref(variable));
    });
  },
  'Fn::If': (argument, scope) => {
    const [condition, then, otherwise] = list('Fn::If', argument);
    return resolveIntrinsics(scope.condition(text('Fn::If', condition)) ? then : otherwise, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list('Fn::Equals', resolveIntrinsics(argument, scope));
    return left === right;
  },
  'Fn::And': (argument, scope) => truths('Fn::And', argument, scope).every(Boolean),
  'Fn::Or': (argument, scope) => truths('Fn::Or', argument, scope).some(Boolean),
  'Fn::Not': (argument, scope) => !truths('Fn::Not', argument, scope)[0],
};

/**
 * The value with every intrinsic function replaced by its result. Members whose value is
 * `AWS::NoValue` are left out.
 *
 * @throws NotUnderstoodError naming a function that local mode does not know.
 */
export function resolveIntrinsics(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value
      .map((element) => resolveIntrinsics(element, scope))
      .filter((element) => element !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only && entries.length === 1 && isIntrinsic(only)) {
    const [name, argument] = only;
    const apply = intrinsics[name];
    if (!apply) throw new UnsupportedTemplateError(`local mode does not understand ${name}`);
    return apply(argument, scope);
  }
  return Object.fromEntries(
    entries
      .map(([key, member]) => [key, resolveIntrinsics(member, scope)] as const)
      .filter(([, member]) => member !== undefined),
  );
}

/** `Condition` is also the name of a member of IAM policies, where it holds an object. */
function isIntrinsic([name, argument]: [string, unknown]): boolean {
  return (
    name.startsWith('Fn::') || (['Ref', 'Condition'].includes(name) && typeof argument === 'string')
  );
}

function truths(name: string, argument: unknown, scope: Scope): readonly unknown[] {
  return list(name, resolveIntrinsics(argument, scope));
}

function list(name: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : malformed(name, value);
}

function record(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : malformed(name, value);
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : malformed(name, value);
}

function malformed(name: string, argument: unknown): never {
  throw new UnsupportedTemplateError(
    `local mode does not understand this ${name}: ${JSON.stringify(argument)}`,
  );
}
