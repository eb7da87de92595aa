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

/** A synthesized stack: what `cdk deploy` would deploy. */
export interface SynthesizedStack {
  readonly stackName: string;
  readonly template: unknown;
  /** Warnings of the constructs, such as `/Stack/Api: the warning`. */
  readonly warnings: readonly string[];
  /** Where the assets that the template names by relative paths lie. */
  readonly directory: string;
  /** Deletes the directory. */
  remove(): Promise<void>;
}

/** The app refused to synthesize; the message is what it said. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

/** What is synthesized. */
export interface AppSource {
  /** The command that runs a CDK app. Default: this project's own app. */
  readonly app?: string;
  /** The app's context: for this project's own, `config` names the deployment config file. */
  readonly context: Readonly<Record<string, string>>;
}

const PROJECT = join(__dirname, '..', '..');

/**
 * Synthesizes the only stack of an app with the CDK CLI, as for a deployment but for `http:` endpoints
 * on loopback.
 *
 * @throws SynthesisError if the app refuses, or has not just one stack.
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
        `the app has several stacks (${names.join(', ')}): local mode runs one`,
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
      // CloudFormation's own rules are checked before a deployment; here they would cost seconds.
      env: { ...process.env, CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [errors, code] = await Promise.all([buffer(child.stderr), exited]);
  if (code !== 0) throw new SynthesisError(appMessage(errors.toString('utf8')));
}

/** What the app itself said, without the CLI's notes about it. */
function appMessage(errors: string): string {
  const cliNote = /^.*(Subprocess exited with error|cdk synth).*$\n?/gim;
  return errors.replace(cliNote, '').trim();
}
