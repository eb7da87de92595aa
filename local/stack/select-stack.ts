import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { API_RESOURCE_TYPES } from '../gateway/definition/api-resource';
import { SynthesisError } from './synthesis-error';

type Candidate = Pick<CloudFormationStackArtifact, 'stackName' | 'hierarchicalId'> & {
  readonly template: { readonly Resources?: Readonly<Record<string, { readonly Type?: unknown }>> };
};

/** Types with which a stack can have an API of its own: APIs, and nested stacks that may hold one. */
const API_TYPES: readonly unknown[] = API_RESOURCE_TYPES;
const NESTED = 'AWS::CloudFormation::Stack';

/**
 * Returns the stack to serve: the one that is named, else the only one, else the only one with an API.
 *
 * @param name stack name, or id with that of its stage, for example `Prod/Orders`
 * @throws SynthesisError naming the stacks to choose from.
 */
export function selectStack<Stack extends Candidate>(
  stacks: readonly Stack[],
  name: string | undefined,
): Stack {
  if (stacks.length === 0) throw new SynthesisError('the app has no stack');
  const names = (from: readonly Stack[]) => from.map(nameOf).join(', ');
  if (name !== undefined) {
    const named = stacks.find((it) => it.stackName === name || it.hierarchicalId === name);
    if (named) return named;
    throw new SynthesisError(
      `--stack must name a stack of the app, got: ${name}; stacks: ${names(stacks)}`,
    );
  }
  const ofTypes = (...types: unknown[]) =>
    stacks.filter(({ template }) =>
      Object.values(template.Resources ?? {}).some(({ Type }) => types.includes(Type)),
    );
  const withApi = ofTypes(...API_TYPES);
  const candidates = stacks.length === 1 ? stacks : withApi.length > 0 ? withApi : ofTypes(NESTED);
  const [only, ...others] = candidates;
  if (only && others.length === 0) return only;
  throw new SynthesisError(
    only
      ? `several stacks of the app have an API: choose one with --stack: ${names(candidates)}`
      : `no stack of the app has an API: ${names(stacks)}`,
  );
}

function nameOf({ stackName, hierarchicalId }: Candidate): string {
  return hierarchicalId === stackName ? stackName : `${hierarchicalId} (${stackName})`;
}
