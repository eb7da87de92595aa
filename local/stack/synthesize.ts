import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CloudAssembly,
  CloudFormationStackArtifact,
  EnvironmentUtils,
  SynthesisMessageLevel,
} from 'aws-cdk-lib/cx-api';
import { PROJECT } from '../../terminal/project';
import { identityOf } from '../template/identity';
import { lookupWarnings, runCdkApp } from './cdk-app';
import { selectStack } from './select-stack';
import type { StackTemplate } from './stack-template';
import { SynthesisError } from './synthesis-error';

/** Synthesized stack, as `cdk deploy` would deploy it. */
export interface SynthesizedStack extends StackTemplate {
  /** Stacks that it depends on, each after those that it depends on itself. Default: none. */
  readonly dependencies?: readonly StackTemplate[];
  /** Warnings of the constructs, such as `/Stack/Api: the warning`. */
  readonly warnings: readonly string[];
  /** Directory of the app, with its packages. Default: none. */
  readonly appDirectory?: string;
  /** Deletes the synthesized files. */
  remove(): Promise<void>;
}

/** CDK app to synthesize. */
export interface AppSource {
  /** Command that runs the CDK app. Default: this project's app. */
  readonly app?: string;
  /** Directory of the app's `cdk.json`, in which the command runs. Default: this project's directory. */
  readonly directory?: string;
  /** Context of the app. For this project's app, `config` is the path of the deployment config. */
  readonly context: Readonly<Record<string, string>>;
  /** Name of the stack to serve, or its id with that of its stage. Default: the only one with an API. */
  readonly stack?: string | undefined;
  /** Ends the app when it is aborted. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Synthesizes a stack of an app, with the stacks that it depends on. Unlike in a deployment, `http:`
 * endpoints on loopback are accepted.
 *
 * @throws SynthesisError if the app fails, reports an error, or if the stack to serve is not clear.
 */
export async function synthesizeStack(source: AppSource): Promise<SynthesizedStack> {
  const output = await mkdtemp(join(tmpdir(), 'phantom-token-'));
  const remove = () => rm(output, { recursive: true, force: true });
  try {
    const app = {
      command: source.app,
      directory: source.directory ?? PROJECT,
      // This project's commands build it themselves.
      build: source.directory !== undefined,
      context: { ...source.context, local: 'true' },
      signal: source.signal,
    };
    const assembly = await runCdkApp(app, output);
    const stack = synthesizedStack(assembly, source.stack);
    const warnings = [...lookupWarnings(assembly), ...stack.warnings];
    return { ...stack, warnings, appDirectory: app.directory, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Returns a stack of a cloud assembly, with the stacks that it depends on.
 *
 * @param name default: the only stack with an API
 * @throws SynthesisError if a construct reports an error, or if the stack to serve is not clear.
 */
export function synthesizedStack(
  { stacksRecursively }: Pick<CloudAssembly, 'stacksRecursively'>,
  name?: string,
): Omit<SynthesizedStack, 'remove'> {
  const stack = selectStack(stacksRecursively, name);
  const dependencies = dependenciesOf(stack);
  const all = [...dependencies, stack];
  const errors = all.flatMap((it) => messagesOf(it, SynthesisMessageLevel.ERROR));
  if (errors.length > 0) throw new SynthesisError(errors.join('\n'));
  return {
    ...stackTemplate(stack),
    dependencies: dependencies.map(stackTemplate),
    warnings: all.flatMap((it) => messagesOf(it, SynthesisMessageLevel.WARNING)),
  };
}

/** Returns the stacks that a stack depends on, each after those that it depends on itself. */
function dependenciesOf(stack: CloudFormationStackArtifact): CloudFormationStackArtifact[] {
  const found = new Set<CloudFormationStackArtifact>();
  const visit = (artifact: CloudFormationStackArtifact) => {
    for (const dependency of artifact.dependencies) {
      if (!(dependency instanceof CloudFormationStackArtifact)) continue;
      visit(dependency);
      found.add(dependency);
    }
  };
  visit(stack);
  return [...found];
}

function stackTemplate(artifact: CloudFormationStackArtifact): StackTemplate {
  const { stackName, template, assembly, environment } = artifact;
  const { account, region } = EnvironmentUtils.parse(environment.name);
  return {
    stackName,
    template,
    directory: assembly.directory,
    identity: identityOf(account, region),
  };
}

/** Returns the annotations of a level, such as `/Stack/Api: the text`. */
function messagesOf({ messages }: CloudFormationStackArtifact, wanted: SynthesisMessageLevel) {
  return messages
    .filter(({ level }) => level === wanted)
    .map(({ id, entry }) => `${id}: ${entry.data}`);
}
