import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CloudFormationStackArtifact, SynthesisMessageLevel } from 'aws-cdk-lib/cx-api';
import { runCdkApp, SynthesisError } from './cdk-app';

/** Synthesized stack, as `cdk deploy` would deploy it. */
export interface SynthesizedStack {
  readonly stackName: string;
  readonly template: unknown;
  /** Warnings of the constructs, such as `/Stack/Api: the warning`. */
  readonly warnings: readonly string[];
  /** Directory to which the template's asset paths are relative. */
  readonly directory: string;
  /** Deletes the directory. */
  remove(): Promise<void>;
}

/** CDK app to synthesize. */
export interface AppSource {
  /** Command that runs the CDK app. Default: this project's app. */
  readonly app?: string;
  /** Context of the app. For this project's app, `config` is the path of the deployment config. */
  readonly context: Readonly<Record<string, string>>;
}

const PROJECT = join(__dirname, '..', '..');

/**
 * Synthesizes the only stack of an app. Unlike in a deployment, `http:` endpoints on
 * loopback are accepted.
 *
 * @throws SynthesisError if the app fails, reports an error, or does not have exactly one stack.
 */
export async function synthesizeStack(source: AppSource): Promise<SynthesizedStack> {
  const directory = await mkdtemp(join(tmpdir(), 'phantom-token-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const app = {
      command: source.app,
      directory: PROJECT,
      context: { ...source.context, local: 'true' },
    };
    const [stack, ...others] = (await runCdkApp(app, directory)).stacks;
    if (stack === undefined) throw new SynthesisError('the app has no stack');
    if (others.length > 0) {
      const names = [stack, ...others].map(({ stackName }) => stackName);
      throw new SynthesisError(
        `the app must have one stack in local mode, got: ${names.join(', ')}`,
      );
    }
    const { stackName, template } = stack;
    const errors = messagesOf(stack, SynthesisMessageLevel.ERROR);
    if (errors.length > 0) throw new SynthesisError(errors.join('\n'));
    const warnings = messagesOf(stack, SynthesisMessageLevel.WARNING);
    return { stackName, template, warnings, directory, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Returns the annotations of a level, such as `/Stack/Api: the text`. */
function messagesOf({ messages }: CloudFormationStackArtifact, wanted: SynthesisMessageLevel) {
  return messages
    .filter(({ level }) => level === wanted)
    .map(({ id, entry }) => `${id}: ${entry.data}`);
}
