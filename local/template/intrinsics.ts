import { hasPlaceholder, placeholder } from './placeholder';
import { UnsupportedTemplateError } from './unsupported';

/** References that intrinsic functions can make to the rest of the template. */
export interface TemplateReferences {
  /** Resolves `Ref` to a resource, parameter or pseudo parameter. `undefined` is `AWS::NoValue`. */
  ref(name: string): unknown;
  /** Resolves `Fn::GetAtt`. */
  getAtt(logicalId: string, attribute: string): unknown;
  /** Evaluates a condition of the template's `Conditions`. */
  condition(name: string): boolean;
  /** Returns a value of the template's `Mappings`, or `undefined` if there is none. */
  mapping(name: string, key: string, secondKey: string): unknown;
  /** Returns what another stack of the app exports, or `undefined` if none exports the name. */
  exported(name: string): unknown;
  /** Returns an output of another stack of the app, or `undefined` if there is none. */
  stackOutput(stackName: string, outputName: string): unknown;
}

type Intrinsic = (argument: unknown, references: TemplateReferences) => unknown;

/**
 * Supported intrinsic functions.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, references) => references.ref(text('Ref', argument)),
  Condition: (argument, references) => references.condition(text('Condition', argument)),
  'Fn::GetAtt': (argument, references) => {
    // A dotted string is the short form of YAML; attributes can have dots, logical ids cannot.
    const [logicalId, ...rest] = Array.isArray(argument)
      ? argument
      : text('Fn::GetAtt', argument).split('.');
    return references.getAtt(text('Fn::GetAtt', logicalId), text('Fn::GetAtt', rest.join('.')));
  },
  'Fn::Join': (argument, references) => {
    const [delimiter, parts] = list('Fn::Join', resolveIntrinsics(argument, references));
    return list('Fn::Join', parts)
      .map((part) => text('Fn::Join', part))
      .join(text('Fn::Join', delimiter));
  },
  'Fn::Split': (argument, references) => {
    const [delimiter, source] = list('Fn::Split', resolveIntrinsics(argument, references));
    return text('Fn::Split', source).split(text('Fn::Split', delimiter));
  },
  'Fn::Select': (argument, references) => {
    const [index, values] = list('Fn::Select', resolveIntrinsics(argument, references));
    const elements = list('Fn::Select', values);
    const selected = elements[Number(index)];
    // A part of a value that is not imitated is not imitated either.
    const whole = elements.find((element) => hasPlaceholder(String(element)));
    return selected ?? whole ?? malformed('Fn::Select', argument);
  },
  'Fn::Base64': (argument, references) =>
    Buffer.from(text('Fn::Base64', resolveIntrinsics(argument, references))).toString('base64'),
  'Fn::FindInMap': (argument, references) => {
    const [name, key, secondKey] = list('Fn::FindInMap', resolveIntrinsics(argument, references));
    const found = references.mapping(String(name), String(key), String(secondKey));
    return found === undefined ? malformed('Fn::FindInMap', argument) : found;
  },
  'Fn::GetAZs': (argument, references) => {
    const region = resolveIntrinsics(argument, references) || references.ref('AWS::Region');
    return ['a', 'b', 'c'].map((zone) => `${text('Fn::GetAZs', region)}${zone}`);
  },
  'Fn::ImportValue': (argument, references) => {
    const name = text('Fn::ImportValue', resolveIntrinsics(argument, references));
    return references.exported(name) ?? placeholder(name, 'ImportValue');
  },
  'Fn::GetStackOutput': (argument, references) => {
    const { StackName, OutputName } = record(
      'Fn::GetStackOutput',
      resolveIntrinsics(argument, references),
    );
    const [stack, output] = [String(StackName), String(OutputName)];
    return references.stackOutput(stack, output) ?? placeholder(stack, output);
  },
  'Fn::Sub': (argument, references) => {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const local = record('Fn::Sub', resolveIntrinsics(variables ?? {}, references));
    return text('Fn::Sub', template).replace(/\$\{(!?)([^}]*)\}/g, (_, literal, variable) => {
      if (literal) return `\${${variable}}`;
      if (Object.hasOwn(local, variable)) return text('Fn::Sub', local[variable]);
      const [logicalId, ...rest] = variable.split('.');
      return rest.length > 0
        ? text('Fn::Sub', references.getAtt(logicalId, rest.join('.')))
        : text('Fn::Sub', references.ref(variable));
    });
  },
  'Fn::If': (argument, references) => {
    const [condition, then, otherwise] = list('Fn::If', argument);
    return resolveIntrinsics(
      references.condition(text('Fn::If', condition)) ? then : otherwise,
      references,
    );
  },
  'Fn::Equals': (argument, references) => {
    const [left, right] = list('Fn::Equals', resolveIntrinsics(argument, references));
    return left === right;
  },
  'Fn::And': (argument, references) => conditions('Fn::And', argument, references).every(Boolean),
  'Fn::Or': (argument, references) => conditions('Fn::Or', argument, references).some(Boolean),
  'Fn::Not': (argument, references) => !conditions('Fn::Not', argument, references)[0],
};

/**
 * Returns the value with every intrinsic function replaced by its result. Members whose value is
 * `AWS::NoValue` are omitted.
 *
 * @throws UnsupportedTemplateError naming an unsupported or malformed function.
 */
export function resolveIntrinsics(value: unknown, references: TemplateReferences): unknown {
  if (Array.isArray(value)) {
    return value
      .map((element) => resolveIntrinsics(element, references))
      .filter((element) => element !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only && entries.length === 1 && isIntrinsic(only)) {
    const [name, argument] = only;
    const apply = INTRINSICS[name];
    if (!apply) throw new UnsupportedTemplateError(`${name} is not supported in local mode`);
    return apply(argument, references);
  }
  return Object.fromEntries(
    entries
      .map(([key, member]) => [key, resolveIntrinsics(member, references)] as const)
      .filter(([, member]) => member !== undefined),
  );
}

/** Returns whether a member is an intrinsic function. `Condition` is also a member of IAM policies, with an object. */
function isIntrinsic([name, argument]: [string, unknown]): boolean {
  return (
    name.startsWith('Fn::') || (['Ref', 'Condition'].includes(name) && typeof argument === 'string')
  );
}

function conditions(
  name: string,
  argument: unknown,
  references: TemplateReferences,
): readonly unknown[] {
  return list(name, resolveIntrinsics(argument, references));
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
    `malformed argument of ${name}, got: ${JSON.stringify(argument)}`,
  );
}
