import { App } from 'aws-cdk-lib';
import { DeploymentConfigError, loadDeploymentConfig, PhantomTokenStack, PropError } from '../lib';

const app = new App();
const file: unknown = app.node.tryGetContext('config');
// Set by local mode only; it admits http: endpoints on the machine itself.
const local = app.node.tryGetContext('local') === 'true';

try {
  const config = loadDeploymentConfig(String(file), { local });
  new PhantomTokenStack(app, config.stackName, { config });
} catch (error) {
  if (!(error instanceof DeploymentConfigError || error instanceof PropError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
