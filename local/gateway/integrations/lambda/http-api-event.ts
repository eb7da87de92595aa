import type { Route } from '../../definition/http/http-api';
import type { InvocationContext } from '../../request/invocation-context';
import { headerValues, withoutHeaders } from '../../request/message';
import { joinedValues, queryFields } from './event-members';
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
 * are combined with commas and included in the headers field." Header names are in lower case. Cookies
 * are only in `cookies`. Empty members are omitted.
 *
 * @see https://github.com/hotsock/voker/blob/main/vokerhttp/testdata/apigwv2-request.json
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestMembersV2(
  { routeKey }: Route,
  { request, eventPath, contextVariables, pathParameters, stageVariables }: InvocationContext,
): EventBody & Readonly<Record<string, unknown>> {
  const cookies = headerValues(request.headers, 'Cookie').flatMap((header) => header.split(/; */));
  const headers = withoutHeaders(request.headers, ['Cookie']).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  return {
    routeKey,
    // With the stage, unless the stage is $default.
    // https://github.com/aws-powertools/powertools-lambda-python, utilities/data_classes/api_gateway_proxy_event.py
    rawPath: eventPath,
    rawQueryString: request.query,
    ...(cookies.length > 0 && { cookies }),
    headers: joinedValues(headers),
    ...nonEmpty('queryStringParameters', joinedValues(queryFields(request.query))),
    requestContext: requestContextV2(routeKey, request.method, contextVariables),
    ...nonEmpty('pathParameters', pathParameters),
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
  const { clientCert, ...client } = variables['identity'] as { readonly clientCert?: object };
  return {
    accountId,
    apiId,
    ...(clientCert && { authentication: { clientCert } }),
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

const TEXT_MEDIA_TYPE = /^(?:text\/.*|application\/(?:graphql|javascript|json|xml))$/i;

/**
 * Returns the event members for a request body, as base64 unless the media type is a text type and its
 * charset, if there is one, is UTF-8. AWS documents no list; this is the one that others measured.
 *
 * @see https://github.com/floci-io/floci/blob/main/src/test/java/io/github/hectorvent/floci/services/apigateway/BuildV2ProxyEventBodyEncodingTest.java
 */
export function httpApiEventBody(body: Buffer, contentType = ''): EventBody {
  const [mediaType = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  const utf8 = charset === undefined || /^charset="?utf-8"?$/i.test(charset);
  return eventBody(body, !(utf8 && TEXT_MEDIA_TYPE.test(mediaType)));
}

function nonEmpty(name: string, members: object): Readonly<Record<string, object>> {
  return Object.keys(members).length > 0 ? { [name]: members } : {};
}
