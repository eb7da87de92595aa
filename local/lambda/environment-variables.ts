import { randomBytes } from 'node:crypto';
import type { FunctionDefinition } from './function';

type Variables = Readonly<Record<string, string>>;

/** Variables of the machine that the function inherits: program paths and trusted CAs. */
const INHERITED_VARIABLES = ['PATH', 'NODE_EXTRA_CA_CERTS'];

/**
 * Returns the environment variables of an execution environment: those of the template, those that Lambda
 * sets, and `additional`. Other variables of this process are excluded, so that a function cannot depend
 * on the developer's shell.
 *
 * @param additional variables that override all others, for example with the embedded AWS endpoints.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function environmentVariables(
  definition: FunctionDefinition,
  additional: Variables,
  machine: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const { version = '$LATEST' } = definition;
  const region = definition.arn.split(':')[3] ?? '';
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    ...Object.fromEntries(
      INHERITED_VARIABLES.flatMap((name) => {
        const value = machine[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...definition.environment,
    _HANDLER: definition.handler,
    LAMBDA_TASK_ROOT: definition.assetDirectory,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMegabytes),
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[${version}]${randomBytes(16).toString('hex')}`,
    // Requests are signed, as in AWS. The embedded endpoints accept any credentials.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    ...additional,
  };
}
