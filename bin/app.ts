import { existsSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { DeploymentConfigError, loadDeploymentConfig, PhantomTokenStack, PropError } from '../lib';

/** Config file that is used unless the context names one. */
const DEFAULT_CONFIG_FILE = 'config.json';

const app = new App();
// Set by local mode only; it allows http: URLs of loopback hosts.
const local = app.node.tryGetContext('local') === 'true';

try {
  const config = loadDeploymentConfig(configFile(), { local });
  new PhantomTokenStack(app, config.stackName, { config });
} catch (error) {
  if (!(error instanceof DeploymentConfigError || error instanceof PropError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/**
 * Returns the config file that `-c config=FILE` names, or `config.json` in the directory of `cdk.json`.
 *
 * @throws DeploymentConfigError if neither exists. The example is never deployed implicitly.
 */
function configFile(): string {
  const named: unknown = app.node.tryGetContext('config');
  if (typeof named === 'string' && named !== '') return named;
  // An empty name comes from an unset shell variable; it does not select the default.
  if (named === undefined && existsSync(DEFAULT_CONFIG_FILE)) return DEFAULT_CONFIG_FILE;
  throw new DeploymentConfigError(
    `no config file: copy config.example.json to ${DEFAULT_CONFIG_FILE} and edit it, or name yours with -c config=FILE`,
  );
}
