import { createMcpHandler } from '@modelcontextprotocol/server';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type PhantomTokenClaims, withPhantomToken } from '../../upstream';
import { createWeatherServer } from './weather-server';

const { ISSUER = '', AUDIENCE = '', JWKS_URI = '' } = process.env;
const keys = createRemoteJWKSet(new URL(JWKS_URI));

/** Serves Streamable HTTP without sessions. */
const mcp = createMcpHandler(createWeatherServer);

/** Serves a request of an MCP client with the identity of its phantom token. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const authenticated = await withPhantomToken(event, verify).catch(() => undefined);
  if (authenticated === undefined) return { statusCode: 401, body: '' };
  const response = await mcp.fetch(requestOf(event), { authInfo: authenticated.auth });
  return {
    statusCode: response.status,
    headers: { ...Object.fromEntries(response.headers), 'Access-Control-Allow-Origin': '*' },
    body: await response.text(),
  };
}

/** Returns the claims of a phantom token. The authorizer has checked the access token, not this one. */
async function verify(jwt: string): Promise<PhantomTokenClaims> {
  const { payload } = await jwtVerify(jwt, keys, { issuer: ISSUER, audience: AUDIENCE });
  return payload;
}

/** Returns the request without the client's access token, which the MCP server does not need. */
function requestOf({ httpMethod, headers, body }: APIGatewayProxyEvent): Request {
  const given = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name.toLowerCase() === 'authorization' ? [] : [[name, value] as const],
  );
  return new Request(AUDIENCE, {
    method: httpMethod,
    headers: given.map(([name, value]) => [name, value]),
    body,
  });
}
