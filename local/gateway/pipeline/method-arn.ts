import type { ServedApi } from '../request/context-variables';
import type { HttpRequest } from '../request/message';

/**
 * Returns the ARN of the method and path of a request, which policies are evaluated for. HTTP APIs name it
 * the route ARN.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
export function methodArn({
  api,
  request,
}: {
  readonly api: ServedApi;
  readonly request: HttpRequest;
}): string {
  const { identity } = api;
  const scope = `arn:${identity.partition}:execute-api:${identity.region}:${identity.accountId}`;
  return `${scope}:${api.apiId}/${api.stage}/${request.method}${request.path}`;
}
