import type {
  APIGatewayRequestAuthorizerEvent,
  APIGatewayRequestAuthorizerEventV2,
} from 'aws-lambda';
import type { AuthorizerEvent } from '../../lambda/core/gateway-request';

/** Events of the three kinds of REQUEST authorizers, as AWS documents them. */

export const ARN = 'arn:aws:execute-api:us-east-1:123456789012:abcdef123';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html */
export function restEvent(
  some: Partial<APIGatewayRequestAuthorizerEvent> = {},
): APIGatewayRequestAuthorizerEvent {
  return {
    type: 'REQUEST',
    methodArn: `${ARN}/test/GET/orders/1`,
    resource: '/orders/{id}',
    path: '/orders/1',
    httpMethod: 'GET',
    headers: {
      Authorization: 'Bearer opaque',
      Host: 'abcdef123.execute-api.us-east-1.amazonaws.com',
    },
    multiValueHeaders: {
      Authorization: ['Bearer opaque'],
      Host: ['abcdef123.execute-api.us-east-1.amazonaws.com'],
    },
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    pathParameters: { id: '1' },
    stageVariables: {},
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdef123',
      authorizer: undefined,
      httpMethod: 'GET',
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '203.0.113.7',
        user: null,
        userAgent: 'curl/8',
        userArn: null,
      },
      path: '/test/orders/1',
      protocol: 'HTTP/1.1',
      requestId: 'rest-request',
      requestTimeEpoch: 1_800_000_000_000,
      resourceId: '05c7jb',
      resourcePath: '/orders/{id}',
      stage: 'test',
    },
    ...some,
  };
}

/** Returns an event of payload format 1.0. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html */
export function http1Event(
  some: Partial<APIGatewayRequestAuthorizerEvent> = {},
): APIGatewayRequestAuthorizerEvent & { readonly version: '1.0' } {
  const rest = restEvent(some);
  return {
    ...rest,
    version: '1.0',
    requestContext: { ...rest.requestContext, requestId: 'http1-request' },
  };
}

/** Returns an event of payload format 2.0. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html */
export function http2Event(
  some: Partial<APIGatewayRequestAuthorizerEventV2> = {},
): APIGatewayRequestAuthorizerEventV2 {
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: `${ARN}/$default/GET/orders/1`,
    identitySource: ['Bearer opaque'],
    routeKey: 'GET /orders/{id}',
    rawPath: '/orders/1',
    rawQueryString: '',
    cookies: [],
    headers: {
      authorization: 'Bearer opaque',
      host: 'abcdef123.execute-api.us-east-1.amazonaws.com',
    },
    pathParameters: { id: '1' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdef123',
      domainName: 'abcdef123.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abcdef123',
      http: {
        method: 'GET',
        path: '/orders/1',
        protocol: 'HTTP/1.1',
        sourceIp: '203.0.113.7',
        userAgent: 'curl/8',
      },
      requestId: 'http2-request',
      routeKey: 'GET /orders/{id}',
      stage: '$default',
      time: '15/Jan/2027:08:00:00 +0000',
      timeEpoch: 1_800_000_000_000,
    },
    ...some,
  };
}

/** Events of each kind with its name. */
export const EVENTS: readonly (readonly [string, AuthorizerEvent])[] = [
  ['a REST API', restEvent()],
  ['an HTTP API, payload format 1.0', http1Event()],
  ['an HTTP API, payload format 2.0', http2Event()],
];
