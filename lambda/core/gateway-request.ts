import type {
  APIGatewayRequestAuthorizerEvent,
  APIGatewayRequestAuthorizerEventV2,
} from 'aws-lambda';
import { routeKey } from '../contract';
import { Fault } from './errors';
import { printable } from './printable';
import type { RequestHeaders } from './request-headers';

/** The events of REQUEST authorizers: of REST APIs, and of HTTP APIs in payload formats 1.0 and 2.0. */
export type AuthorizerEvent =
  | APIGatewayRequestAuthorizerEvent
  | (APIGatewayRequestAuthorizerEvent & { readonly version: '1.0' })
  | APIGatewayRequestAuthorizerEventV2;

/** Request as read from an event of any kind. The raw path is not used: only the matched route counts. */
export interface GatewayRequest extends RequestHeaders {
  /** The API that was called. */
  readonly apiId: string;
  /** Names by which a rule may know the matched route; a method of its own goes before `ANY`. */
  readonly routeNames: readonly string[];
  readonly resultFormat: ResultFormat;
}

/** Method of a request and the route that API Gateway matched, as log lines name them. */
export interface MatchedRoute {
  readonly method: string;
  /** Resource path of a REST API, or route key of an HTTP API. */
  readonly route: string;
}

/** Kind of result that API Gateway expects. */
export type ResultFormat =
  | {
      readonly api: 'REST' | 'HTTP';
      readonly format: 'policy';
      /** Every method and path of the request's stage, as a resource of a policy. */
      readonly stageArn: string;
    }
  | { readonly api: 'HTTP'; readonly format: 'simple' };

/**
 * `arn:PARTITION:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`. Only the first five colons
 * separate: the request path may hold more of them, and partitions differ.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
const METHOD_ARN = /^(arn:[^:]*:execute-api:[^:]*:[^:]*:[^/]+\/[^/]+)\//;

/**
 * Reads an authorizer event.
 *
 * @throws Fault `event_invalid` if it is not from a REQUEST authorizer.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export function readGatewayRequest(event: AuthorizerEvent): GatewayRequest {
  if (event.type !== 'REQUEST' || !event.requestContext) throw invalid('its type is not REQUEST');
  const { apiId } = event.requestContext;
  if (!apiId) throw invalid('it names no API');
  if ('routeKey' in event) {
    if (!event.requestContext.http?.method) throw invalid('it names no method');
    return {
      apiId,
      headers: event.headers ?? null,
      routeNames: [event.routeKey],
      resultFormat: { api: 'HTTP', format: 'simple' },
    };
  }
  const { httpMethod, resource } = event;
  // WebSocket APIs have neither.
  if (!httpMethod || !resource) throw invalid('it names no method and resource');
  return {
    apiId,
    headers: event.headers,
    multiValueHeaders: event.multiValueHeaders,
    routeNames: [routeKey(httpMethod, resource), routeKey('ANY', resource), resource],
    resultFormat: {
      // REST APIs have no payload formats.
      api: 'version' in event ? 'HTTP' : 'REST',
      format: 'policy',
      stageArn: stageArn(event.methodArn),
    },
  };
}

/** Returns method and route of an event for log lines, as far as the event has them. */
export function matchedRoute(event: AuthorizerEvent): Partial<MatchedRoute> {
  const isV2 = 'routeKey' in event;
  const method = isV2 ? event.requestContext?.http?.method : event.httpMethod;
  const route = isV2 ? event.routeKey : event.resource;
  return {
    ...(typeof method === 'string' && { method: printable(method) }),
    ...(typeof route === 'string' && { route: printable(route) }),
  };
}

function stageArn(methodArn: string): string {
  const stage = METHOD_ARN.exec(methodArn)?.[1];
  if (stage === undefined) throw invalid('its method ARN is not of an API');
  // `*` crosses slashes, so this is every method and path.
  return `${stage}/*`;
}

function invalid(detail: string): Fault {
  return new Fault('event_invalid', `the event cannot be read: ${detail}`);
}
