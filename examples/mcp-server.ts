import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Cors, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { AuthorizerFunction, RestApiProtection } from '../lib';
import { contextValue, exampleContext } from './example-context';

const stack = new Stack(new App(), 'McpServer');
const { introspectionEndpoint, issuer } = exampleContext(stack);
const publicUrl = contextValue(stack, 'publicUrl', 'https://mcp.example.com');
const jwksUri = contextValue(stack, 'jwksUri', 'https://login.example.com/jwks');

/** URL of the MCP server. Clients request tokens for it, and no other token is accepted. */
const resource = `${publicUrl}/mcp`;

const server = new NodejsFunction(stack, 'Server', {
  entry: join(__dirname, 'mcp-server', 'handler.ts'),
  runtime: Runtime.NODEJS_24_X,
  environment: { ISSUER: issuer, AUDIENCE: resource, JWKS_URI: jwksUri },
});

const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
  introspectionEndpoint,
  issuer,
  audience: [resource],
});
const api = new RestApi(stack, 'Api', {
  // Pages can be MCP clients. A wildcard covers all headers except Authorization.
  defaultCorsPreflightOptions: {
    allowOrigins: Cors.ALL_ORIGINS,
    allowHeaders: ['*', 'Authorization'],
  },
});
const protection = new RestApiProtection(stack, 'Protection', {
  api,
  authorizerFunction,
  allowOrigins: Cors.ALL_ORIGINS,
  protectedResource: {
    resource,
    authorizationServers: [issuer],
    scopesSupported: ['weather:read', 'alerts:write'],
  },
});
// Each tool has a scope of its own. Calls of any other tool are refused.
const authorizer = protection.authorizer({
  mcp: { tools: { get_weather: ['weather:read'], set_alert: ['alerts:write'] } },
});
api.root.addResource('mcp').addMethod('POST', new LambdaIntegration(server), { authorizer });
