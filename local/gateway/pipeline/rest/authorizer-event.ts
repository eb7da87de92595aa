import { identity } from '../../../template/physical-ids';
import type { Method, RestApi } from '../../definition/rest/rest-api';
import { allValues, decodedParameters, lastValues, queryFields } from '../../integrations/lambda/event-members';
import type { InvocationContext } from '../../request/invocation-context';

/** The longest method ARN, in bytes; a longer one is answered with 414. */
export const methodArnLimitBytes = 1600;

/** The ARN of the concrete method and path that the client asks for. */
export function methodArn(api: RestApi, { request }: InvocationContext): string {
  const scope = `arn:${identity.partition}:execute-api:${identity.region}:${identity.accountId}`;
  return `${scope}:${api.apiId}/${api.stage}/${request.method}${request.path}`;
}

/**
 * The event of a REQUEST authorizer of a REST API.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function authorizerEvent(
  api: RestApi,
  method: Method,
  exchange: InvocationContext,
): unknown {
  const { request, stageVariables, context } = exchange;
  const query = queryFields(request.query);
  return {
    type: 'REQUEST',
    methodArn: methodArn(api, exchange),
    resource: method.resourcePath,
    path: request.path,
    httpMethod: request.method,
    headers: lastValues(request.headers),
    multiValueHeaders: allValues(request.headers),
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: allValues(query),
    pathParameters: decodedParameters(exchange.pathParameters),
    stageVariables,
    requestContext: context,
  };
}
