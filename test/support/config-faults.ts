import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeploymentConfigError,
  loadDeploymentConfig,
} from '../../lib/stack/config/deployment-config';
import { thrownBy } from './faults';
import { type ConfigParts, configFile } from './synthesize';

/** Returns the reported faults of a config file, without the first line, which names the file. */
export function configFaults(parts: ConfigParts): string[] {
  return withFile(parts, (file) => {
    const error = thrownBy(() => loadDeploymentConfig(file, { local: false }));
    if (!(error instanceof DeploymentConfigError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  });
}

/** Returns the config that is loaded from the file. */
export function loadedConfig(parts: ConfigParts) {
  return withFile(parts, (file) => loadDeploymentConfig(file, { local: false }));
}

function withFile<T>(parts: ConfigParts, act: (file: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'config-'));
  try {
    const file = join(directory, 'config.json');
    writeFileSync(file, JSON.stringify(configFile(parts)));
    return act(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
