import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCommand, runLocal } from './local-command';

/** API of a config that local mode serves in its own process. */
export interface LocalApi {
  readonly command: LocalCommand;
  readonly url: URL;
  close(): void;
}

export interface LocalApiOptions {
  readonly config: object;
  /** Credentials of the introspection client, as environment variables. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Arguments of the command in addition to the config. Default: none. */
  readonly arguments?: readonly string[];
  /** Texts of files in the config's directory by name. Default: none. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Serves a config with local mode. */
export async function startLocalApi(options: LocalApiOptions): Promise<LocalApi> {
  const { config, credentials, files = {}, arguments: more = [] } = options;
  const directory = mkdtempSync(join(tmpdir(), 'local-api-'));
  const configFile = join(directory, 'config.json');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  writeFileSync(configFile, JSON.stringify(config));
  const command = runLocal('main', ['--config', configFile, ...more], credentials);
  const close = () => {
    command.process.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    return { command, url: await command.ready(), close };
  } catch (error) {
    close();
    throw error;
  }
}
