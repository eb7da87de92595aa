import type { Route } from '../../definition/http/http-api';
import type { InvocationContext } from '../../request/invocation-context';
import { headerValues } from '../../request/message';
import { decodedParameters, joinedValues, queryFields } from './event-members';
import { type EventBody, eventBody } from './proxy-event';

/** Returns the path of a route, which is the `resource` of events of format 1.0. */
export function resourceOf({ routeKey }: Route): string {
  return routeKey.slice(routeKey.indexOf(' ') + 1);
}

/** Returns the `requestContext` of events of format 1.0. */
export function requestContextV1(route: Route, { contextVariables }: InvocationContext): object {
  const { routeKey, ...rest } = contextVariables;
  return { ...rest, resourceId: null, resourcePath: resourceOf(route) };
}

/**
 * Returns the members that events of format 2.0 to authorizers and to integrations have in common:
 * "Format 2.0 doesn't have multiValueHeaders or multiValueQueryStringParameters fields. Duplicate headers
 * are combined with commas and included in the headers field." Header names are in lower case. Empty
 * members are omitted.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestMembersV2(
  { routeKey }: Route,
  { request, contextVariables, pathParameters, stageVariables }: InvocationContext,
): EventBody & Readonly<Record<string, unknown>> {
  const cookies = headerValues(request.headers, 'Cookie').flatMap((header) => header.split(/; */));
  const headers = request.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    routeKey,
    // With the stage, unless the stage is $default.
    // https://github.com/aws-powertools/powertools-lambda-python, utilities/data_classes/api_gateway_proxy_event.py
    rawPath: contextVariables['path'],
    rawQueryString: request.query,
    ...(cookies.length > 0 && { cookies }),
    headers: joinedValues(headers),
    ...nonEmpty('queryStringParameters', joinedValues(queryFields(request.query))),
    requestContext: requestContextV2(routeKey, request.method, contextVariables),
    ...nonEmpty('pathParameters', decodedParameters(pathParameters)),
    ...nonEmpty('stageVariables', stageVariables),
    ...httpApiEventBody(request.body, headerValues(request.headers, 'Content-Type')[0]),
  };
}

function requestContextV2(
  routeKey: string,
  method: string,
  variables: InvocationContext['contextVariables'],
): Readonly<Record<string, unknown>> {
  const { accountId, apiId, domainName, domainPrefix, path, protocol, requestId, stage } =
    variables;
  const client = variables['identity'] as object;
  return {
    accountId,
    apiId,
    domainName,
    domainPrefix,
    http: { method, path, protocol, ...client },
    requestId,
    routeKey,
    stage,
    time: variables['requestTime'],
    timeEpoch: variables['requestTimeEpoch'],
  };
}

const TEXT_MEDIA_TYPE =
  /^(?:text\/.*|application\/(?:.*\+)?(?:json|xml)|application\/javascript)$/i;

/**
 * Returns the event members for a request body, as base64 unless the media type is a text type. AWS
 * documents no list; form bodies are known to be base64. A body without a media type is text if it is
 * valid UTF-8.
 */
export function httpApiEventBody(body: Buffer, contentType: string | undefined): EventBody {
  const mediaType = contentType?.split(';')[0]?.trim();
  const isText = mediaType
    ? TEXT_MEDIA_TYPE.test(mediaType)
    : Buffer.from(body.toString()).equals(body);
  return eventBody(body, !isText);
}

function nonEmpty(name: string, members: object): Readonly<Record<string, object>> {
  return Object.keys(members).length > 0 ? { [name]: members } : {};
}
