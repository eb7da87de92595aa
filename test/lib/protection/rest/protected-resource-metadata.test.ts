import { CfnParameter, Lazy } from 'aws-cdk-lib';
import { AuthorizationType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  locateResources,
  type ProtectedResource,
} from '../../../../lib/protection/protected-resources';
import { metadataLocation } from '../../../../lib/protection/rest/metadata-location';
import { addProtectedResourceMetadata } from '../../../../lib/protection/rest/protected-resource-metadata';
import { configFaults, loadedConfig } from '../../../support/config-faults';
import { methodsOf, synthesize, synthesizeConstructs } from '../../../support/synthesize';

const RESOURCE = 'https://api.example.com/orders';
const ISSUER = 'https://login.example.com/~';
const ROUTE = 'GET /.well-known/oauth-protected-resource';

const ALLOW_ORIGIN = 'method.response.header.Access-Control-Allow-Origin';

interface Answer {
  readonly StatusCode: string;
  readonly ResponseParameters: Record<string, string>;
  readonly ResponseTemplates: Record<string, string>;
}

/** The template of the metadata, and the method that serves it. */
function served(template: Parameters<typeof methodsOf>[0]) {
  const method = methodsOf(template).get(ROUTE)?.properties;
  const answers = method?.Integration['IntegrationResponses'] as readonly Answer[] | undefined;
  const [answer, ...rest] = answers ?? [];
  if (method === undefined || answer === undefined || rest.length > 0) {
    throw new Error(`expected one answer of ${ROUTE}`);
  }
  const body = answer.ResponseTemplates['application/json'] ?? '';
  return { method, answer, body, document: JSON.parse(body) };
}
const PUBLIC = { authorizerId: '', authorizationType: AuthorizationType.NONE };

function servedFor(resource: Partial<ProtectedResource>) {
  return served(
    synthesizeConstructs((stack) => {
      addProtectedResourceMetadata(
        new RestApi(stack, 'Api'),
        locateResources(
          { resource: RESOURCE, authorizationServers: [ISSUER], ...resource },
          undefined,
        ),
        PUBLIC,
      );
    }),
  );
}

describe('the stack of a config with protectedResource', () => {
  const { template } = synthesize({
    token: { issuer: ISSUER },
    api: {
      scopes: ['read'],
      cors: { allowOrigins: ['https://app.example.com'] },
      protectedResource: { resource: RESOURCE },
      authorizationServerMetadata: 'https://login.example.com/metadata',
      routes: [
        { method: 'GET', path: '/orders', scopes: [['orders:read'], ['admin']] },
        { method: 'POST', path: '/orders', scopes: ['admin', 'orders:write'] },
        { method: 'GET', path: '/health', public: true },
      ],
    },
  });
  const { method, answer, document } = served(template);

  it('the metadata names the resource, authorization servers, scopes and bearer method', () => {
    expect(document).toEqual({
      resource: RESOURCE,
      authorization_servers: [ISSUER],
      scopes_supported: ['read', 'orders:read', 'admin', 'orders:write'],
      bearer_methods_supported: ['header'],
    });
  });

  it('the metadata is served by a public method without a function', () => {
    expect(method).toMatchObject({
      AuthorizationType: 'NONE',
      Integration: {
        Type: 'MOCK',
        PassthroughBehavior: 'NEVER',
        RequestTemplates: { 'application/json': '{"statusCode":200}' },
      },
    });
    expect(method).not.toHaveProperty('AuthorizerId');
    expect(method['ApiKeyRequired'] ?? false).toBe(false);
  });

  it('the metadata is cacheable JSON for pages of any origin', () => {
    expect(answer).toMatchObject({
      StatusCode: '200',
      ResponseParameters: {
        'method.response.header.Content-Type': "'application/json'",
        'method.response.header.Cache-Control': "'public, max-age=3600'",
        'method.response.header.Access-Control-Allow-Origin': "'*'",
      },
    });
    // API Gateway refuses headers that the method does not declare.
    expect(method['MethodResponses']).toEqual([
      {
        StatusCode: '200',
        ResponseParameters: Object.fromEntries(
          Object.keys(answer.ResponseParameters).map((name) => [name, true]),
        ),
      },
    ]);
  });

  it('pages of any origin can read the metadata although CORS allows one origin only', () => {
    const originAllowedAt = (path: string) => {
      const properties = methodsOf(template).get(`OPTIONS ${path}`)?.properties ?? {};
      const { Integration, MethodResponses } = properties as unknown as {
        readonly Integration: { readonly IntegrationResponses: readonly Answer[] };
        readonly MethodResponses: readonly Answer[];
      };
      const [response] = Integration.IntegrationResponses;
      // API Gateway refuses headers that the method does not declare.
      expect(Object.keys(MethodResponses[0]?.ResponseParameters ?? {})).toEqual(
        Object.keys(response?.ResponseParameters ?? {}),
      );
      expect(properties).toMatchObject({
        AuthorizationType: 'NONE',
        Integration: { Type: 'MOCK' },
      });
      return response?.ResponseParameters[ALLOW_ORIGIN];
    };

    expect(originAllowedAt('/.well-known/oauth-protected-resource')).toBe("'*'");
    expect(originAllowedAt('/.well-known/oauth-protected-resource/orders')).toBe("'*'");
    expect(originAllowedAt('/.well-known/oauth-authorization-server')).toBe("'*'");
    expect(originAllowedAt('/orders')).toBe("'https://app.example.com'");
  });

  it.each(['UNAUTHORIZED', 'ACCESS_DENIED'])(
    'the metadata is named in the challenge of %s',
    (type) => {
      const [response] = Object.values(
        template.findResources('AWS::ApiGateway::GatewayResponse', {
          Properties: { ResponseType: type },
        }),
      );
      const parameters = response?.['Properties'].ResponseParameters;

      expect(parameters['gatewayresponse.header.WWW-Authenticate']).toMatch(
        /, resource_metadata="https:\/\/api\.example\.com\/\.well-known\/oauth-protected-resource\/orders"'$/,
      );
    },
  );
});

describe('addProtectedResourceMetadata', () => {
  it('the metadata names the configured authorization servers', () => {
    const servers = ['https://one.example.com', 'https://two.example.com'];

    expect(servedFor({ authorizationServers: servers }).document).toHaveProperty(
      'authorization_servers',
      servers,
    );
  });

  it.each([undefined, []])('the metadata states no scopes if they are %j', (scopesSupported) => {
    expect(servedFor({ ...(scopesSupported && { scopesSupported }) }).document).not.toHaveProperty(
      'scopes_supported',
    );
  });

  it('the metadata contains nothing that API Gateway’s template language interprets', () => {
    const awkward = {
      authorizationServers: ['https://login.example.com/#realm', 'https://login.example.com/"$a"'],
      scopesSupported: ['$context.identity.sourceIp', '#set($a=1)', '##', '#[[', '$!a', 'é'],
    };
    const { body, document } = servedFor(awkward);

    expect(body).not.toMatch(/[#$]/);
    expect(document).toMatchObject({
      authorization_servers: awkward.authorizationServers,
      scopes_supported: awkward.scopesSupported,
    });
  });

  it('the metadata contains a resource that is known only at deployment', () => {
    const template = synthesizeConstructs((stack) => {
      const resource = new CfnParameter(stack, 'Resource').valueAsString;
      const described = { resource, authorizationServers: [ISSUER], audience: ['orders'] };
      const resources = locateResources(described, undefined);
      addProtectedResourceMetadata(new RestApi(stack, 'Api'), resources, PUBLIC);
    });
    const { Integration } = methodsOf(template).get(ROUTE)?.properties ?? {};

    expect(JSON.stringify(Integration)).toContain('{"Ref":"Resource"}');
  });

  it.each([
    ['https://api.example.com', ['GET /.well-known/oauth-protected-resource']],
    [
      'https://mcp.example.com/mcp',
      [
        'GET /.well-known/oauth-protected-resource',
        'GET /.well-known/oauth-protected-resource/mcp',
      ],
    ],
  ])('the metadata of %s has preflight methods for pages of any origin', (resource, routes) => {
    const template = synthesizeConstructs((stack) => {
      const described = { resource, authorizationServers: [ISSUER] };
      const api = new RestApi(stack, 'Api', { defaultMethodOptions: { apiKeyRequired: true } });
      addProtectedResourceMetadata(api, locateResources(described, undefined), PUBLIC);
    });
    const methods = methodsOf(template);

    expect([...methods.keys()].filter((route) => route.startsWith('GET'))).toEqual(routes);
    for (const route of routes) {
      expect(methods.get(route.replace('GET', 'OPTIONS'))?.properties).toMatchObject({
        AuthorizationType: 'NONE',
        ApiKeyRequired: false,
        Integration: {
          Type: 'MOCK',
          IntegrationResponses: [
            {
              StatusCode: '204',
              ResponseParameters: {
                'method.response.header.Access-Control-Allow-Origin': "'*'",
                'method.response.header.Access-Control-Allow-Methods': "'GET'",
                'method.response.header.Access-Control-Allow-Headers': "'*'",
              },
            },
          ],
        },
      });
    }
  });
});

describe('metadataLocation', () => {
  const WELL_KNOWN = '/.well-known/oauth-protected-resource';

  it.each([
    ['https://a.example.com', undefined, `https://a.example.com${WELL_KNOWN}`],
    ['https://a.example.com/mcp', undefined, `https://a.example.com${WELL_KNOWN}/mcp`],
    ['https://a.example.com:8443/a/b', undefined, `https://a.example.com:8443${WELL_KNOWN}/a/b`],
    [
      'https://a.example.com/v1/mcp',
      ['https://a.example.com/v1'],
      `https://a.example.com/v1${WELL_KNOWN}/mcp`,
    ],
    [
      'https://a.example.com/v1',
      ['https://b.example.com', 'https://a.example.com/v1'],
      `https://a.example.com/v1${WELL_KNOWN}`,
    ],
    [
      'https://a.example.com/v1/mcp',
      ['https://a.example.com', 'https://a.example.com/v1'],
      `https://a.example.com/v1${WELL_KNOWN}/mcp`,
    ],
  ])('the metadata of %s, with publicUrls %j, is at %s', (resource, publicUrls, url) => {
    expect(metadataLocation(resource, publicUrls)?.url).toBe(url);
  });

  it('the metadata of an endpoint is served also at the root of the well-known path', () => {
    expect(metadataLocation('https://a.example.com/mcp')?.paths).toEqual([
      WELL_KNOWN,
      `${WELL_KNOWN}/mcp`,
    ]);
    expect(metadataLocation('https://a.example.com')?.paths).toEqual([WELL_KNOWN]);
  });

  it('a public URL that is known only at deployment is a base URL of the metadata', () => {
    const resource = Lazy.string({ produce: () => 'https://a.example.com' });

    expect(metadataLocation(resource)?.url).toBe(`${resource}${WELL_KNOWN}`);
    expect(metadataLocation(`${resource}/mcp`, [resource])?.url).toBe(
      `${resource}${WELL_KNOWN}/mcp`,
    );
  });

  it('the location of the metadata is undefined for a resource below none of the public URLs', () => {
    const publicUrls = ['https://a.example.com/v1'];

    expect(metadataLocation('https://a.example.com/v12', publicUrls)).toBeUndefined();
  });
});

describe('the config of protectedResource', () => {
  const faultsOf = (protectedResource: object, more: object = {}, issuer: string | null = ISSUER) =>
    configFaults({
      ...(issuer !== null && { token: { issuer } }),
      api: { protectedResource: { resource: RESOURCE, ...protectedResource }, ...more },
    });

  it.each([RESOURCE, 'https://api.example.com', 'https://api.example.com:8443/a/b'])(
    'protectedResource accepts the resource %s',
    (resource) => {
      const protectedResource = { resource };

      expect(
        loadedConfig({ token: { issuer: ISSUER }, api: { protectedResource } }).api,
      ).toMatchObject({ protectedResource });
    },
  );

  it.each([
    ['a slash at the end', 'https://api.example.com/', 'must not end with a slash'],
    ['a slash at the end of its path', `${RESOURCE}/`, 'must not end with a slash'],
    ['a $', `${RESOURCE}/$a`, 'must not contain #, $, quotes or \\'],
    ['a quote', `${RESOURCE}/'a`, 'must not contain #, $, quotes or \\'],
    ['a double quote', `${RESOURCE}/"a`, 'must not contain #, $, quotes or \\'],
    ['a backslash', `${RESOURCE}\\a`, 'must not contain #, $, quotes or \\'],
    ['a fragment', `${RESOURCE}#a`, 'must not have a query or fragment'],
    ['an empty fragment', `${RESOURCE}#`, 'must not contain #, $, quotes or \\'],
    ['a query', `${RESOURCE}?a`, 'must not have a query or fragment'],
    ['credentials', 'https://a:b@api.example.com', 'must not contain credentials'],
    ['plain HTTP', 'http://api.example.com', 'must be an https: URL'],
    ['no scheme', 'api.example.com', 'must be an https: URL'],
  ])('protectedResource rejects a resource with %s', (_, resource, reason) => {
    expect(faultsOf({ resource })).toContainEqual(
      expect.stringContaining(`api.protectedResource.resource: ${reason}`),
    );
  });

  it('authorizationServers have the same rules as resource', () => {
    const authorizationServers = [ISSUER, `${ISSUER}$`, 'login'];

    expect(faultsOf({ authorizationServers })).toEqual([
      'api.protectedResource.authorizationServers[1]: must not contain #, $, quotes or \\, got: "https://login.example.com/~$"',
      'api.protectedResource.authorizationServers[2]: must be an https: URL, got: "login"',
    ]);
    expect(faultsOf({ authorizationServers: [] })).toEqual([
      expect.stringContaining('api.protectedResource.authorizationServers: '),
    ]);
  });

  it('protectedResource requires authorizationServers or token.issuer', () => {
    const required =
      'api.protectedResource.authorizationServers: is required if token.issuer is not set';
    const named = { resource: RESOURCE, authorizationServers: [ISSUER] };

    expect(faultsOf({}, {}, null)).toEqual([required]);
    expect(loadedConfig({ api: { protectedResource: named } }).api).toHaveProperty(
      'protectedResource',
      named,
    );
  });

  it('protectedResource is accepted for HTTP APIs', () => {
    const api = { type: 'HTTP', protectedResource: { resource: RESOURCE } };

    expect(loadedConfig({ token: { issuer: ISSUER }, api }).api).toMatchObject(api);
  });

  it('protectedResource conflicts with a route at the metadata path only', () => {
    const routes = [
      { method: 'GET', path: '/.well-known/openid-configuration', public: true },
      { method: 'GET', path: '/.well-known/oauth-protected-resource' },
      { method: 'GET', path: '/.well-known/oauth-protected-resource/orders' },
      { method: 'GET', path: '/.well-known/oauth-protected-resource/other' },
    ];

    expect(faultsOf({}, { routes })).toEqual([
      'api.routes[1]: conflicts with api.protectedResource, which is served at this path',
      'api.routes[2]: conflicts with api.protectedResource, which is served at this path',
    ]);
  });

  it('protectedResource must be below one of publicUrls', () => {
    expect(faultsOf({}, { publicUrls: ['https://api.example.com/order'] })).toEqual([
      'api.protectedResource.resource: must be one of api.publicUrls or below, got: "https://api.example.com/orders"',
    ]);
    expect(faultsOf({}, { publicUrls: [`${RESOURCE}/`] })).toContainEqual(
      expect.stringContaining('api.publicUrls[0]: must not end with a slash'),
    );
  });
});
