import { identity } from '../../../template/physical-ids';
import type { HttpAuthorizer } from '../../definition/http/authorizer';
import type { HttpApi, Route } from '../../definition/http/http-api';
import { decodedParameters, lastValues, queryFields } from '../../integrations/lambda/event-members';
import type { InvocationContext } from '../../request/invocation-context';
import { requestContextV1, requestMembersV2, resourceOf } from '../../integrations/lambda/http-api-event';

/** The ARN of the concrete method and path that the client asks for. */
export function routeArn(api: HttpApi, { request }: InvocationContext): string {
  const scope = `arn:${identity.partition}:execute-api:${identity.region}:${identity.accountId}`;
  return `${scope}:${api.apiId}/${api.stage}/${request.method}${request.path}`;
}

/**
 * The event of a Lambda authorizer of an HTTP API, in the authorizer's payload format.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.payload-format
 */
export function authorizerEvent(
  api: HttpApi,
  route: Route,
  { payloadFormat }: HttpAuthorizer,
  exchange: InvocationContext,
  identityValues: readonly (string | undefined)[],
): unknown {
  if (payloadFormat === '2.0') {
    const { body, isBase64Encoded, ...request } = requestMembersV2(route, exchange);
    return {
      version: '2.0',
      type: 'REQUEST',
      routeArn: routeArn(api, exchange),
      identitySource: identityValues.length > 0 ? identityValues : null,
      ...request,
    };
  }
  const { request, stageVariables, context, pathParameters } = exchange;
  const identitySource = identityValues.join(',');
  return {
    version: '1.0',
    type: 'REQUEST',
    methodArn: routeArn(api, exchange),
    identitySource,
    authorizationToken: identitySource,
    resource: resourceOf(route),
    path: context['path'],
    httpMethod: request.method,
    headers: lastValues(request.headers),
    queryStringParameters: lastValues(queryFields(request.query)),
    pathParameters: decodedParameters(pathParameters),
    stageVariables,
    requestContext: requestContextV1(route, exchange),
  };
}
