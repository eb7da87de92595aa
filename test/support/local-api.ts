import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCommand, runLocal } from './local-command';

/** A config served by local mode, in a process of its own. */
export interface LocalApi {
  readonly command: LocalCommand;
  readonly url: URL;
  close(): void;
}

export interface LocalApiOptions {
  readonly config: object;
  /** The introspection client's credentials, as environment variables. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Of the command, beside the config. Default: none. */
  readonly arguments?: readonly string[];
  /** Files beside the config, by name. Default: none. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Writes the config to a file and has local mode serve it. */
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
