/**
 * Types of the helper for Lambda functions, checked by the compiler and never run. Each
 * `@ts-expect-error` names what must not compile.
 */

import type { IncomingMessage } from 'node:http';
import type { AuthInfo as AuthInfoOfSdk1 } from '@modelcontextprotocol/sdk/server/auth/types.js';
import type { AuthInfo as AuthInfoOfSdk2 } from '@modelcontextprotocol/server';
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

declare const message: IncomingMessage;
const verify = async () => ({ sub: 'alice' });

/** A request has the identity that MCP SDK servers take, of both major versions. */
export const identified: [
  Promise<IncomingMessage & { auth: AuthInfoOfSdk1 }>,
  Promise<APIGatewayProxyEvent & { auth: AuthInfoOfSdk2 }>,
] = [withPhantomToken(message, verify), withPhantomToken(restEvent, verify)];

// @ts-expect-error without a verifier there is no identity
export const unverified: IncomingMessage = withPhantomToken(message);
