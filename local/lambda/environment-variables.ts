import { randomBytes } from 'node:crypto';
import type { FunctionDefinition } from './function';

type Variables = Readonly<Record<string, string>>;

/** Set by the machine, not the function: how to find programs, and whom TLS trusts here. */
const inherited = ['PATH', 'NODE_EXTRA_CA_CERTS'];

/**
 * The environment variables of an execution environment: those of the template, those Lambda sets,
 * and `additional`. Nothing else of this process's environment gets in, so that a function cannot
 * come to rely, here only, on a variable of somebody's shell.
 *
 * @param additional wins over all others: where the embedded AWS endpoints are.
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
      inherited.flatMap((name) => {
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
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[${version}]${randomBytes(16).toString('hex')}`,
    // Requests are signed, as in AWS; the embedded endpoints do not check with what.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    ...additional,
  };
}
