import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../../terminal/project';
import { UserError } from '../../terminal/user-error';

const CONFIG_READER = join(PROJECT, 'dist', 'local', 'config-reader.js');

/**
 * Checks a deployment config as the CDK app does, but before it runs.
 *
 * @throws UserError listing every fault.
 */
export function checkConfig(file: string): void {
  // The bundle, as it is deployed. The app reports that it is missing.
  if (!existsSync(CONFIG_READER)) return;
  const { loadDeploymentConfig, DeploymentConfigError } = require(CONFIG_READER);
  try {
    loadDeploymentConfig(file, { local: true });
  } catch (error) {
    if (!(error instanceof DeploymentConfigError)) throw error;
    throw new UserError((error as Error).message);
  }
}
