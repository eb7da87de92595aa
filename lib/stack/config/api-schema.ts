import { z } from 'zod';
import { DEFAULTS } from '../../validation/defaults';
import * as values from '../../validation/shared-schemas';

const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'ANY'] as const;

const routeSchema = z
  .strictObject({
    method: z.enum(HTTP_METHODS).meta({ description: 'HTTP method, or `ANY`.' }),
    path: values.pathPattern.meta({
      description: 'Resource path of API Gateway.',
      valueType: 'a path such as "/orders/{id}"',
      examples: ['/orders/{id}', '/files/{proxy+}'],
    }),
    scopes: values.requiredScopes.default([]).meta({
      description: 'Scopes that the route requires in addition to `api.scopes`.',
      details: 'A list requires all of its scopes. A list of lists requires any one of the lists.',
    }),
    mcp: z
      .strictObject({
        tools: values.toolScopes.meta({
          description:
            'Scopes that calls of each tool require in addition to `scopes`, by its name.',
          details:
            '`*` stands for the tools that are not named. Without `*` they cannot be called.',
        }),
      })
      .optional()
      .meta({
        description: 'Endpoint of an MCP server: scopes by tool.',
        whenAbsent: 'requests are not decided by tool',
        details:
          'Requires protocol version 2026-07-28 or later, and turns API Gateway’s result cache off for the route. See [Protected resources](protected-resources.md#scopes-per-tool).',
      }),
    public: z
      .boolean()
      .default(false)
      .meta({ description: 'Route without an authorizer, open to every client.' }),
  })
  .refine((value) => !(value.public && value.scopes.length > 0), {
    path: ['scopes'],
    message: 'must be absent on a public route, which has no authorizer',
  })
  .refine((value) => !(value.public && value.mcp), {
    path: ['mcp'],
    message: 'must be absent on a public route, which has no authorizer',
  });

const allowOrigins = z
  .array(values.origin)
  .min(1)
  .refine((all) => all.length === 1 || !all.includes('*'), 'must be * alone or a list of origins');

const protectedResource = (publishedUrl: z.ZodString, baseUrl: z.ZodString) =>
  z.strictObject({
    resource: baseUrl.meta({
      description: 'URL of the API, or of its endpoint, as clients know it.',
      examples: ['https://mcp.example.com/mcp'],
    }),
    authorizationServers: z.array(publishedUrl).min(1).optional().meta({
      description: 'Issuers of tokens for the API.',
      whenAbsent: '`token.issuer`, which is then required',
    }),
    audience: values.oneOrMore.optional().meta({
      description: 'Names of the resource, one of which must be in the claim `aud`.',
      whenAbsent: '`token.audience` if it is the only resource, else `resource`',
    }),
  });

const oneOrList = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([schema, z.array(schema).min(1)]);

/** Section `api` of the deployment config. */
export const apiSchema = (url: z.ZodString, publishedUrl: z.ZodString, baseUrl: z.ZodString) =>
  z.strictObject({
    type: z.enum(['REST', 'HTTP']).default('REST').meta({
      description: 'Kind of API.',
      details: 'Read first what [HTTP APIs](http-apis.md) cannot do.',
    }),
    upstream: url.meta({
      description: 'Base URL of the upstream API.',
      examples: ['https://orders.internal.example.com'],
    }),
    realm: values.realm.default(DEFAULTS.realm).meta({
      description: 'Realm in challenges (`WWW-Authenticate`).',
      valueType: 'a printable text without quotation marks',
    }),
    scopes: z
      .array(values.scope)
      .default([])
      .meta({ description: 'Scopes that every protected route requires.' }),
    routes: z.array(routeSchema).min(1).optional().meta({
      description: 'Routes of the API; other requests do not reach the upstream.',
      whenAbsent: 'every method and path, protected',
    }),
    cors: z
      .strictObject({
        allowOrigins: allowOrigins.meta({
          description: 'Origins whose pages can call the API, or `*` alone.',
        }),
      })
      .optional()
      .meta({
        description: 'CORS: preflight requests are handled without the authorizer.',
        whenAbsent: 'no CORS',
        details:
          'On REST APIs the upstream itself must send `Access-Control-Allow-Origin` with its responses.',
      }),
    streaming: z.boolean().default(false).meta({
      description: 'REST APIs: sends responses of the upstream to clients while they arrive.',
      details:
        'For [server-sent events](mcp.md#streaming) and large responses, for at most 15 minutes. The token is checked once, at the start.',
    }),
    phantomTokenHeader: values.phantomTokenHeader.optional().meta({
      description: 'HTTP APIs: header that carries the JWT to the upstream.',
      valueType: 'the name of a header',
      whenAbsent: `\`${DEFAULTS.phantomTokenHeader}\``,
      details:
        'It has no effect on REST APIs, where the JWT replaces the value of `Authorization`.',
    }),
    protectedResource: oneOrList(protectedResource(publishedUrl, baseUrl))
      .optional()
      .meta({
        description: 'Metadata for clients (RFC 9728), of the API or of endpoints of it.',
        whenAbsent: 'no metadata',
        details:
          'A list has a resource for each endpoint. A route belongs to the resource whose path is the longest prefix of its own, and accepts only tokens for that resource. Each resource of a list needs a protected route. See [Protected resources](protected-resources.md#several-resources). ' +
          'For `https://mcp.example.com/mcp` the metadata is served at `https://mcp.example.com/.well-known/oauth-protected-resource/mcp`, and without `/mcp`. An API with a base path cannot serve these URLs: `api.publicUrls` names the base path, and the challenge leads to the metadata below it.',
      }),
    authorizationServerMetadata: url.optional().meta({
      description: 'URL of the authorization server’s metadata, to serve it from the API, too.',
      whenAbsent: 'not served',
      details:
        'For clients that look for it at `/.well-known/oauth-authorization-server` of the API, and for servers with it in an odd location. A function fetches and caches it. See [Protected resources](protected-resources.md#metadata-of-the-authorization-server).',
    }),
    publicUrls: z.array(baseUrl).min(1).optional().meta({
      description: 'Base URLs under which clients call the API.',
      whenAbsent: 'the origin of `protectedResource.resource`',
      details:
        'A custom domain name with its base path, such as `https://api.example.com/orders`, or the URL of a stage. Required if `token.senderConstraint` is not `refuse`: the URL in a DPoP proof must be below one of them.',
    }),
    usageIdentifierClaim: z.enum(['sub', 'client_id']).optional().meta({
      description: 'REST APIs: claim that is the API key of the request’s usage plan.',
      whenAbsent: 'no usage plans',
      details:
        'Create the usage plan first and, for each value of the claim, an [API key](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html) with that value (percent-encoded like the authorizer context, 20 to 128 characters). Requests without such a key get 403.',
    }),
  });
