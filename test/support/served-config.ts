import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadDeploymentConfig } from '../../lib/stack/config/deployment-config';
import { PhantomTokenStack } from '../../lib/stack/phantom-token-stack';
import { requestLine } from '../../local/requests/request-line';
import { CLI_CONTEXT } from '../../local/stack/cdk-app';
import { deployStack } from '../../local/stack/local-stack';
import { synthesizedStack } from '../../local/stack/synthesize';
import { PLAIN } from '../../terminal/style';
import { ROOT } from './root';
import { context, quietly } from './synthesize';

/** API of a config that local mode serves in this process, which is three seconds faster than its command. */
export interface ServedConfig {
  readonly url: URL;
  /** Returns what functions, gateway and local mode have logged. */
  log(): string;
  close(): Promise<void>;
}

export interface ServedConfigOptions {
  readonly config: object;
  /** Members of the credentials secret. Default: the secret that the config generates. */
  readonly secret?: object;
  /** Texts of files in the config's directory by name. Default: none. */
  readonly files?: Readonly<Record<string, string>>;
  /** Default: a free port. */
  readonly port?: number;
  /** Maximum number of execution environments of a function. Default: 4. */
  readonly maxEnvironments?: number;
}

/** Synthesizes and serves a config as `npm run local` does. */
export async function serveConfig(options: ServedConfigOptions): Promise<ServedConfig> {
  const { config, secret, files = {}, port, maxEnvironments = 4 } = options;
  const directory = mkdtempSync(join(tmpdir(), 'served-config-'));
  const configFile = join(directory, 'config.json');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  writeFileSync(configFile, JSON.stringify(config));
  const lines: string[] = [];
  const stack = await deployStack(
    {
      ...synthesizedStack(synthesize(configFile, join(directory, 'cdk.out'))),
      appDirectory: ROOT,
      remove: async () => rmSync(directory, { recursive: true, force: true }),
    },
    {
      secretValue: secret && JSON.stringify(secret),
      ...{ port, maxEnvironments },
      log: (line) => lines.push(line),
      onRequest: (request) => lines.push(requestLine(request, PLAIN)),
    },
  );
  return { url: stack.url, log: () => lines.join('\n'), close: stack.close };
}

function synthesize(configFile: string, outdir: string) {
  const app = new App({ outdir, context: { ...CLI_CONTEXT, ...context } });
  const config = loadDeploymentConfig(configFile, { local: true });
  new PhantomTokenStack(app, config.stackName, { config });
  return quietly(() => app.synth());
}
