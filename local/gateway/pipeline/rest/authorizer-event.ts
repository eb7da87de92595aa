import { allValues, lastValues, queryFields } from '../../integrations/lambda/event-members';
import { methodArn } from '../method-arn';
import type { MatchedRestInvocation } from './invocation';

/**
 * Returns the event of a REQUEST authorizer of a REST API. Path parameters are percent-encoded, as in events
 * of integrations: AWS shows none of authorizers.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function authorizerEvent(invocation: MatchedRestInvocation): unknown {
  const { method, request, eventPath, pathParameters, stageVariables, contextVariables } =
    invocation;
  const query = queryFields(request.query);
  return {
    type: 'REQUEST',
    methodArn: methodArn(invocation),
    resource: method.resourcePath,
    path: eventPath,
    httpMethod: request.method,
    headers: lastValues(request.headers),
    multiValueHeaders: allValues(request.headers),
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: allValues(query),
    pathParameters: pathParameters,
    stageVariables,
    requestContext: contextVariables,
  };
}
