import type { Route } from '../../definition/http/http-api';
import { type EventBody, eventBody } from './proxy-event';
import { headerValues } from '../../request/message';
import { decodedParameters, joinedValues, queryFields } from './event-members';
import type { InvocationContext } from '../../request/invocation-context';

/** The route's path, as events of format 1.0 name it. */
export function resourceOf({ routeKey }: Route): string {
  return routeKey.slice(routeKey.indexOf(' ') + 1);
}

/** The `requestContext` of events of format 1.0. */
export function requestContextV1(route: Route, { context }: InvocationContext): object {
  const { routeKey, ...rest } = context;
  return { ...rest, resourceId: null, resourcePath: resourceOf(route) };
}

/**
 * What events of format 2.0, to authorizers and to integrations, tell of a request: "Format 2.0
 * doesn't have multiValueHeaders or multiValueQueryStringParameters fields. Duplicate headers are
 * combined with commas and included in the headers field." Header names are in lower case. Members
 * without content are left out.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestMembersV2(
  { routeKey }: Route,
  { request, context, pathParameters, stageVariables }: InvocationContext,
): EventBody & Readonly<Record<string, unknown>> {
  const cookies = headerValues(request.headers, 'Cookie').flatMap((header) => header.split(/; */));
  const headers = request.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    routeKey,
    // With the stage, unless that is $default.
    // https://github.com/aws-powertools/powertools-lambda-python, utilities/data_classes/api_gateway_proxy_event.py
    rawPath: context['path'],
    rawQueryString: request.query,
    ...(cookies.length > 0 && { cookies }),
    headers: joinedValues(headers),
    ...nonEmpty('queryStringParameters', joinedValues(queryFields(request.query))),
    requestContext: requestContextV2(routeKey, request.method, context),
    ...nonEmpty('pathParameters', decodedParameters(pathParameters)),
    ...nonEmpty('stageVariables', stageVariables),
    ...httpEventBody(request.body, headerValues(request.headers, 'Content-Type')[0]),
  };
}

function requestContextV2(
  routeKey: string,
  method: string,
  context: InvocationContext['context'],
): Readonly<Record<string, unknown>> {
  const { accountId, apiId, domainName, domainPrefix, path, protocol, requestId, stage } = context;
  const client = context['identity'] as object;
  return {
    accountId,
    apiId,
    domainName,
    domainPrefix,
    http: { method, path, protocol, ...client },
    requestId,
    routeKey,
    stage,
    time: context['requestTime'],
    timeEpoch: context['requestTimeEpoch'],
  };
}

const textual = /^(?:text\/.*|application\/(?:.*\+)?(?:json|xml)|application\/javascript)$/i;

/**
 * Bodies go as base64 unless their media type is text. AWS documents no list; forms are known to be
 * base64. A body without a media type is text when it is UTF-8.
 */
export function httpEventBody(body: Buffer, contentType: string | undefined): EventBody {
  const mediaType = contentType?.split(';')[0]?.trim();
  const text = mediaType ? textual.test(mediaType) : Buffer.from(body.toString()).equals(body);
  return eventBody(body, !text);
}

function nonEmpty(name: string, members: object): Readonly<Record<string, object>> {
  return Object.keys(members).length > 0 ? { [name]: members } : {};
}
