import type { HttpApiAuthorizer } from '../../definition/http/authorizer';
import { lastValues, queryFields } from '../../integrations/lambda/event-members';
import {
  requestContextV1,
  requestMembersV2,
  resourceOf,
} from '../../integrations/lambda/http-api-event';
import { methodArn } from '../method-arn';
import type { MatchedHttpApiInvocation } from './invocation';

/**
 * Returns the event of a Lambda authorizer of an HTTP API, in the authorizer's payload format.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.payload-format
 */
export function authorizerEvent(
  invocation: MatchedHttpApiInvocation,
  { payloadFormat }: HttpApiAuthorizer,
  identityValues: readonly (string | undefined)[],
): unknown {
  return payloadFormat === '2.0'
    ? eventV2(invocation, identityValues)
    : eventV1(invocation, identityValues);
}

function eventV2(
  invocation: MatchedHttpApiInvocation,
  identityValues: readonly (string | undefined)[],
): unknown {
  const { body, isBase64Encoded, ...members } = requestMembersV2(invocation.route, invocation);
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: methodArn(invocation),
    identitySource: identityValues.length > 0 ? identityValues : null,
    ...members,
  };
}

function eventV1(
  invocation: MatchedHttpApiInvocation,
  identityValues: readonly (string | undefined)[],
): unknown {
  const { route, request, eventPath, stageVariables, pathParameters } = invocation;
  const identitySource = identityValues.join(',');
  return {
    version: '1.0',
    type: 'REQUEST',
    methodArn: methodArn(invocation),
    identitySource,
    authorizationToken: identitySource,
    resource: resourceOf(route),
    path: eventPath,
    httpMethod: request.method,
    headers: lastValues(request.headers),
    queryStringParameters: lastValues(queryFields(request.query)),
    pathParameters: pathParameters,
    stageVariables,
    requestContext: requestContextV1(route, invocation),
  };
}
