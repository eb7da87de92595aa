import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '../support/root';

const CLI = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');

/** Placeholder credentials and region. */
export const ACCOUNT = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};

export type Outputs = Readonly<Record<string, string | undefined>>;

/** CDK CLI with an emulator as AWS. */
export interface Cdk {
  bootstrap(): Promise<void>;
  /**
   * @param withoutTypes types of resources to leave out, since the emulator rejects templates with them.
   * @returns the outputs of the stack.
   */
  deploy(config: DeploymentFile, withoutTypes?: readonly string[]): Promise<Outputs>;
  destroy(config: DeploymentFile): Promise<void>;
}

/** Deployment config, as far as the CLI needs it. */
export interface DeploymentFile {
  readonly stackName: string;
}

/** @param directory directory of all its files, so that the user's home is not read or written. */
export function createCdk(endpoint: URL, directory: string, signal: AbortSignal): Cdk {
  const home = join(directory, 'home');
  mkdirSync(home, { recursive: true });
  const environment = {
    PATH: process.env['PATH'],
    HOME: home,
    CDK_HOME: home,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: endpoint.origin,
    AWS_REGION: ACCOUNT.region,
    AWS_ACCESS_KEY_ID: ACCOUNT.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ACCOUNT.credentials.secretAccessKey,
  };

  function contextOf(config: DeploymentFile): string[] {
    const file = join(directory, `${config.stackName}.json`);
    writeFileSync(file, JSON.stringify(config));
    // Local mode accepts the authorization server on loopback without TLS.
    return ['--context', `config=${file}`, '--context', 'local=true'];
  }

  const assembly = join(directory, 'cdk.out');

  async function run(command: string, ...options: readonly string[]): Promise<void> {
    const child = spawn(process.execPath, [CLI, command, '--no-notices', ...options], {
      cwd: ROOT,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(120_000)]),
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (code !== 0) throw new Error(`cdk ${command} exited with ${code}:\n${stdout}${stderr}`);
  }

  return {
    // The CLI synthesizes the app before it looks at the account.
    bootstrap: () =>
      run('bootstrap', '--output', assembly, '--context', 'config=config.example.json'),
    async deploy(config, withoutTypes = []) {
      const outputs = join(directory, 'outputs.json');
      await run('synth', '--quiet', '--output', assembly, ...contextOf(config));
      removeResources(join(assembly, `${config.stackName}.template.json`), withoutTypes);
      const options = ['--require-approval', 'never', '--outputs-file', outputs];
      await run('deploy', '--app', assembly, ...options);
      return JSON.parse(readFileSync(outputs, 'utf8'))[config.stackName];
    },
    destroy: (config) => run('destroy', '--output', assembly, ...contextOf(config), '--force'),
  };
}

/** Removes the resources of some types from a template, and the dependencies of others on them. */
function removeResources(file: string, types: readonly string[]): void {
  const template: Template = JSON.parse(readFileSync(file, 'utf8'));
  const kept = Object.entries(template.Resources).filter(([, { Type }]) => !types.includes(Type));
  const ids = new Set(kept.map(([id]) => id));
  const Resources = Object.fromEntries(
    kept.map(([id, { DependsOn = [], ...resource }]) => [
      id,
      { ...resource, DependsOn: [DependsOn].flat().filter((other) => ids.has(other)) },
    ]),
  );
  writeFileSync(file, JSON.stringify({ ...template, Resources }));
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly DependsOn?: string | readonly string[] }>
  >;
}
