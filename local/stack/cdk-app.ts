import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CloudAssembly, CONTEXT_OVERFLOW_LOCATION_ENV, OUTDIR_ENV } from 'aws-cdk-lib/cx-api';
import { spawnUntil } from '../../terminal/child-process';
import { SynthesisError } from './synthesis-error';

export interface CdkApp {
  /** Command that runs the app in a shell. Default: `app` of `cdk.json`. */
  readonly command?: string | undefined;
  /** Directory of `cdk.json`, in which the app runs. */
  readonly directory: string;
  /** True if the command `build` of `cdk.json` runs first, as with the CDK CLI. Default: false. */
  readonly build?: boolean;
  /** Context in addition to that of `cdk.json`. */
  readonly context: Readonly<Record<string, string>>;
  /** Ends the app when it is aborted. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** Context that the CDK CLI adds: local mode needs the paths of assets and names constructs by their path. */
export const CLI_CONTEXT = {
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:bundling-stacks': ['**'],
};

/**
 * Runs a CDK app as the CDK CLI does, but without account, credentials and lookups, in about half the time.
 *
 * @param output existing directory for the cloud assembly.
 * @throws SynthesisError if the app fails.
 * @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/cx-api/README.md
 */
export async function runCdkApp(app: CdkApp, output: string): Promise<CloudAssembly> {
  const { directory, signal } = app;
  const settings = readJson(join(directory, 'cdk.json'));
  const command = app.command ?? settings['app'];
  const context = {
    ...CLI_CONTEXT,
    ...settings['context'],
    ...readJson(join(directory, 'cdk.context.json')),
    ...app.context,
  };
  // A file, since the context can be larger than an environment variable.
  const contextFile = join(output, 'context.json');
  writeFileSync(contextFile, JSON.stringify(context));
  if (app.build && settings['build']) await run(settings['build'], directory, {}, signal);
  await run(
    command,
    directory,
    {
      [OUTDIR_ENV]: output,
      [CONTEXT_OVERFLOW_LOCATION_ENV]: contextFile,
      // Validation by CloudFormation's rules takes seconds and belongs to deployments.
      CDK_VALIDATION: 'false',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
    signal,
  );
  return new CloudAssembly(output);
}

/** Returns a warning of the values that only AWS has, and for which the CDK has placeholders; or an empty list. */
export function lookupWarnings({ manifest }: Pick<CloudAssembly, 'manifest'>): readonly string[] {
  const keys = (manifest.missing ?? []).map(({ key }) => key);
  if (keys.length === 0) return [];
  return [
    `placeholders of the CDK stand for what only AWS knows: ${keys.join(', ')}. Run cdk synth once with credentials, which stores the values in cdk.context.json`,
  ];
}

/**
 * Runs a command in a shell.
 *
 * @throws SynthesisError with what it printed on standard error, if it fails.
 */
async function run(
  command: string,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const child = spawnUntil(signal, command, [], {
    shell: true,
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const printed = child.stderr ? buffer(child.stderr) : Buffer.of();
  const [errors, code] = await Promise.all([printed, closed]);
  if (code !== 0) throw new SynthesisError(errors.toString('utf8').trim());
}

function readJson(file: string) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
