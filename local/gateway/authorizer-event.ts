import { identity } from '../template/physical-ids';
import type { HeaderField } from './message';
import type { RestApi } from './rest-api-model';
import { decode, type Match } from './router';
import type { Exchange } from './value-source';

/** The longest method ARN, in bytes; a longer one is answered with 414. */
export const methodArnLimitBytes = 1600;

/** The ARN of the concrete method and path that the client asks for. */
export function methodArn(api: RestApi, { request }: Exchange): string {
  const scope = `arn:${identity.partition}:execute-api:${identity.region}:${identity.accountId}`;
  return `${scope}:${api.apiId}/${api.stage}/${request.method}${request.path}`;
}

/**
 * The event of a REQUEST authorizer of a REST API.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function authorizerEvent(api: RestApi, match: Match, exchange: Exchange): unknown {
  const { request, stageVariables, context } = exchange;
  const query = [...new URLSearchParams(request.query)];
  return {
    type: 'REQUEST',
    methodArn: methodArn(api, exchange),
    resource: match.resource.resourcePath,
    path: request.path,
    httpMethod: request.method,
    headers: lastValues(request.headers),
    multiValueHeaders: allValues(request.headers),
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: allValues(query),
    pathParameters: Object.fromEntries(
      Object.entries(match.pathParameters).map(([name, value]) => [name, decode(value)]),
    ),
    stageVariables,
    requestContext: context,
  };
}

/** The client's casing is kept: `X-A` and `x-a` are two members. */
function lastValues(fields: readonly HeaderField[]): Record<string, string> {
  return Object.fromEntries(fields);
}

function allValues(fields: readonly HeaderField[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}
