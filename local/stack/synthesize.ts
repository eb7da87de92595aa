import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  CloudAssembly,
  type CloudFormationStackArtifact,
  SynthesisMessageLevel,
} from 'aws-cdk-lib/cx-api';

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

/** Failure of the app to synthesize, with the app's own message. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
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
 * Synthesizes the only stack of an app with the CDK CLI. Unlike in a deployment, `http:` endpoints on
 * loopback are accepted.
 *
 * @throws SynthesisError if the app fails, or does not have exactly one stack.
 */
export async function synthesizeStack(source: AppSource): Promise<SynthesizedStack> {
  const directory = await mkdtemp(join(tmpdir(), 'phantom-token-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await synthesize(source, directory);
    const [stack, ...others] = new CloudAssembly(directory).stacks;
    if (stack === undefined) throw new SynthesisError('the app has no stack');
    if (others.length > 0) {
      const names = [stack, ...others].map(({ stackName }) => stackName);
      throw new SynthesisError(
        `the app must have one stack in local mode, got: ${names.join(', ')}`,
      );
    }
    const { stackName, template } = stack;
    return { stackName, template, warnings: warningsOf(stack), directory, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Returns the annotations of level warning, by construct path. */
function warningsOf({ messages }: CloudFormationStackArtifact): string[] {
  return messages
    .filter(({ level }) => level === SynthesisMessageLevel.WARNING)
    .map(({ id, entry }) => `${id}: ${entry.data}`);
}

async function synthesize({ app, context }: AppSource, output: string): Promise<void> {
  const cli = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');
  const child = spawn(
    process.execPath,
    [
      ...[cli, 'synth', '--quiet', '--no-notices', '--no-color', '--output', output],
      ...(app === undefined ? [] : ['--app', app]),
      ...Object.entries({ ...context, local: 'true' }).flatMap(([name, value]) => [
        '--context',
        `${name}=${value}`,
      ]),
    ],
    {
      cwd: PROJECT,
      // Validation by CloudFormation's rules takes seconds and belongs to deployments.
      env: { ...process.env, CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [errors, code] = await Promise.all([buffer(child.stderr), exited]);
  if (code !== 0) throw new SynthesisError(appMessage(errors.toString('utf8')));
}

/** Returns the app's own message, without the notes of the CLI. */
function appMessage(errors: string): string {
  const cliNote = /^.*(Subprocess exited with error|cdk synth).*$\n?/gim;
  return errors.replace(cliNote, '').trim();
}
