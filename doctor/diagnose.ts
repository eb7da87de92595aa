import { DeploymentConfigError, loadDeploymentConfig } from '../lib/stack/config/deployment-config';
import { type Check, combine, fault } from './check';
import type { GivenCredentials } from './live-checks';

export interface DiagnosisOptions extends GivenCredentials {
  readonly configFile: string;
}

/** Checks a config file, and if it is valid, the live servers that it names. */
export async function diagnose({ configFile, ...given }: DiagnosisOptions): Promise<Check[]> {
  try {
    const config = loadDeploymentConfig(configFile, { local: true });
    // Loaded here, so that a fault of the config is reported at once.
    const { checkLive } = require('./live-checks') as typeof import('./live-checks');
    return await checkLive(config, given);
  } catch (error) {
    if (!(error instanceof DeploymentConfigError)) throw error;
    return [combine('config', [fault(error.message)])];
  }
}
