/**
 * Types of the helper for Lambda functions, checked by the compiler and never run. Each
 * `@ts-expect-error` names what must not compile.
 */
import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithLambdaAuthorizer,
} from 'aws-lambda';
import { phantomToken, withPhantomToken } from 'phantom-token-authorizer/upstream';

declare const restEvent: APIGatewayProxyEvent;
declare const httpEvent: APIGatewayProxyEventV2;
declare const authorizedEvent: APIGatewayProxyEventV2WithLambdaAuthorizer<{ jwt: string }>;

/** An event keeps its type. */
export const copies: [APIGatewayProxyEvent, APIGatewayProxyEventV2] = [
  withPhantomToken(restEvent),
  withPhantomToken(httpEvent),
];

export const tokens: (string | undefined)[] = [
  phantomToken(restEvent),
  phantomToken(httpEvent),
  phantomToken(authorizedEvent),
];

// @ts-expect-error the token can be absent
export const assumed: string = phantomToken(restEvent);
// @ts-expect-error an event has a request context
phantomToken({ headers: {} });
// @ts-expect-error a token is not an event
withPhantomToken('a.b.c');
// @ts-expect-error the request context is an object
phantomToken({ requestContext: 'context' });
