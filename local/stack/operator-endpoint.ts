import { type AwsEndpoint, startAwsEndpoint } from '../aws/aws-endpoint';
import { startLambdaApi } from '../aws/lambda-api';
import type { PortChoice } from '../http-server';
import type { FunctionHost, Functions } from '../lambda/functions';
import type { EmbeddedAws } from './embedded-aws';

/** Starts the endpoint of all embedded services and of Lambda, by which operators use the AWS CLI. */
export async function startOperatorEndpoint(
  { endpoints, others }: EmbeddedAws,
  functions: Functions<FunctionHost>,
  port: PortChoice,
): Promise<AwsEndpoint> {
  const lambda = await startLambdaApi(async (name, qualifier, event) => {
    const arn = functions.arnOf(name, qualifier);
    return arn === undefined ? undefined : functions.invoke(arn, event);
  });
  const services = { ...endpoints, lambda: lambda.endpoint };
  const endpoint = await startAwsEndpoint({ services, others, port });
  return {
    endpoint: endpoint.endpoint,
    async close() {
      await Promise.all([endpoint.close(), lambda.close()]);
    },
  };
}
