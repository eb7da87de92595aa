import type { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { readConfig } from '../../lambda/core/config';
import type { AuthorizerEvent } from '../../lambda/core/gateway-request';
import { createGatewayHandler } from '../../lambda/gateway-handler';
import { AuthorizerFunction, HttpApiProtection, RestApiProtection } from '../../lib';
import { createApiServer } from '../../local/gateway/server';
import { resolveTemplate } from '../../local/template/resolve';
import { inMemoryAuthorizer, silentTelemetry } from '../support/in-memory-authorizer';
import { propertyRuns } from '../support/property-runs';
import { statusClient } from '../support/status-client';
import { type StubServer, startStubServer } from '../support/stub-server';
import { stackOf, synthesizeConstructs, synthesizeStack } from '../support/synthesize';

/**
 * API Gateway's result cache must replay for a route only the decision that the authorizer would make.
 * The local gateway serves the template of random rules with the cache on. Each response to a random
 * sequence of requests is compared with the rules.
 */

const SCOPES = ['a', 'b', 'c'] as const;

/** Overlapping paths: as ARNs with wildcards, most of them match requests of others. */
const PATHS = [
  '/',
  '/orders',
  '/orders/special',
  '/orders/{id}',
  '/orders/{id}/items',
  '/orders/{id}/items/{item}',
  '/orders/{id}/{rest+}',
  '/files/{proxy+}',
  '/{proxy+}',
];

/** Paths of protected resources, each of which has tokens of its own. */
const RESOURCES = ['', '/orders', '/orders/special', '/files'];

/** Routes without which routes of other resources match requests of a resource, which is an error at synthesis. */
const ROUTES_OF_RESOURCES: Readonly<Record<string, readonly string[]>> = {
  '': ['/'],
  '/orders': ['/orders', '/orders/{id}', '/orders/{id}/{rest+}'],
  '/orders/special': [
    '/orders/special',
    '/orders/special/items',
    '/orders/special/items/{item}',
    '/orders/special/{rest+}',
  ],
  '/files': ['/files', '/files/{proxy+}'],
};

const REQUESTS = [
  '/',
  '/orders',
  '/orders/special',
  '/orders/1',
  '/orders/1/items',
  '/orders/1/items/2',
  '/orders/1/other/3',
  '/orders/special/items',
  '/files/a/b',
  '/else/where',
];

interface FunctionProperties {
  readonly Environment: { readonly Variables: Record<string, string> };
}

interface Rule {
  readonly method: 'GET' | 'POST' | 'ANY';
  readonly path: string;
  readonly scopes: readonly (readonly string[])[];
  readonly mcp?: { readonly tools: Readonly<Record<string, readonly string[]>> } | undefined;
}

const rule: fc.Arbitrary<Rule> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'ANY'),
  path: fc.constantFrom(...PATHS),
  scopes: fc.array(fc.subarray([...SCOPES], { minLength: 1 }), { minLength: 1, maxLength: 2 }),
  mcp: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record({
        tools: fc
          .uniqueArray(fc.tuple(fc.constantFrom('x', 'y', '*'), fc.subarray([...SCOPES])), {
            selector: ([name]) => name,
            minLength: 1,
          })
          .map((entries) => Object.fromEntries(entries)),
      }),
    },
  ),
});

const rulesOfLength = (minLength: number, maxLength: number) =>
  fc.uniqueArray(rule, {
    selector: ({ method, path }) => `${method} ${path}`,
    ...{ minLength, maxLength },
  });

const scenario = fc.record({
  // More requirements than an API has authorizers, in most cases.
  rules: fc.oneof(
    { weight: 1, arbitrary: rulesOfLength(1, 9) },
    { weight: 2, arbitrary: rulesOfLength(10, 16) },
  ),
  apiScopes: fc.subarray(['a']),
  /** Granted scopes of each access token. */
  grants: fc.array(fc.subarray([...SCOPES]), { minLength: 1, maxLength: 3 }),
  /** Paths of the protected resources of the API, if it has any. */
  resources: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray(RESOURCES, { minLength: 1 }) },
  ),
  /** Paths of the resources that each access token names. */
  audiences: fc.array(fc.subarray(RESOURCES, { minLength: 1 }), { minLength: 3, maxLength: 3 }),
  requests: fc.array(
    fc.record({
      token: fc.nat(2),
      method: fc.constantFrom('GET', 'POST'),
      path: fc.constantFrom(...REQUESTS),
      /** Tool that is called by the headers; the headers are absent if `undefined`. */
      tool: fc.constantFrom(undefined, 'x', 'y'),
    }),
    { minLength: 40, maxLength: 60 },
  ),
});

let upstream: StubServer;

beforeAll(async () => {
  upstream = await startStubServer('/', (response) => {
    response.end();
  });
});

afterAll(() => upstream.close());

test.each(['REST', 'HTTP'] as const)(
  '%s APIs respond by the rules, with and without a cached result',
  async (type) => {
    let replayed = 0;
    await fc.assert(
      fc.asyncProperty(
        scenario,
        async ({ rules: anyRules, apiScopes, grants, resources, audiences, requests }) => {
          const rules = lawfulRules(anyRules, resources);
          const api = await serve(type, rules, apiScopes, grants, { resources, audiences });
          const wrong: string[] = [];
          try {
            for (const { token, method, path, tool } of requests) {
              const grant = grants[token % grants.length] ?? [];
              const aud = audiences[token % grants.length] ?? [];
              const status = await api.client.status(path, {
                method,
                headers: {
                  authorization: `Bearer token-${token % grants.length}`,
                  ...(tool && callOf(tool)),
                },
              });
              const request = { method, path, tool };
              const decisive = decisiveRule(rules, request);
              const expected =
                decisive && !isForRequest(aud, path, resources)
                  ? 401
                  : statusByTheRules(type, rules, apiScopes, grant, request);
              if (status !== expected)
                wrong.push(
                  `${JSON.stringify({ ...request, grant, aud })}: ${status}, not ${expected}`,
                );
            }
            expect(wrong).toEqual([]);
            replayed += api.replayed();
          } finally {
            await api.close();
          }
        },
      ),
      // To shrink an example takes longer than a test may.
      { numRuns: propertyRuns(8), endOnFailure: true },
    );
    // The property says something about the cache only if it was used.
    expect(replayed).toBeGreaterThan(propertyRuns(30));
  },
);

test('the body of a 403 names the scopes of the refused tool', async () => {
  const mcp = { tools: { x: ['b'], '*': ['c'] } };
  const rules: Rule[] = [{ method: 'POST', path: '/mcp', scopes: [['a']], mcp }];
  const api = await serve('REST', rules, [], [['a']]);
  try {
    for (const [tool, scope] of [
      ['x', 'a b'],
      ['z', 'a c'],
    ] as const) {
      const headers = { authorization: 'Bearer token-0', ...callOf(tool) };
      const response = await fetch(new URL('/mcp', api.url), { method: 'POST', headers });
      expect([response.status, await response.json()]).toMatchObject([403, { scope }]);
    }
  } finally {
    await api.close();
  }
});

test('APIs that share a function are decided by their own rules', async () => {
  const template = synthesizeConstructs((stack) => {
    const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
      introspectionEndpoint: 'https://login.example.com/introspect',
    });
    for (const scope of ['a', 'b']) {
      const api = new RestApi(stack, `Rest${scope}`);
      const protection = new RestApiProtection(stack, `Protection${scope}`, {
        api,
        authorizerFunction,
      });
      const authorizer = protection.authorizer({ scopes: [scope] });
      const integration = protection.httpIntegration(upstream.url.origin);
      api.root.addResource('orders').addMethod('GET', integration, { authorizer });
    }
    const api = new HttpApi(stack, 'Http');
    const protection = new HttpApiProtection(stack, 'Protection', { api, authorizerFunction });
    api.addRoutes({
      path: '/orders',
      methods: [HttpMethod.GET],
      integration: new HttpUrlIntegration('Upstream', upstream.url.origin, {
        parameterMapping: protection.parameterMapping(),
      }),
      authorizer: protection.authorizer({ scopes: ['c'] }),
    });
  });
  const grants = SCOPES.map((scope) => [scope]);
  const apis = ['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api'].flatMap((type) =>
    Object.keys(template.findResources(type)),
  );
  const served = await Promise.all(
    apis.map((id) => serveApi(template, inMemoryAuthorizer(grants), id)),
  );
  try {
    for (const [api, { url }] of served.entries()) {
      // The function decides the first time, the cache replays the second time.
      for (const token of [0, 1, 2, 0, 1, 2]) {
        const headers = { authorization: `Bearer token-${token}` };
        const { status } = await fetch(new URL('/orders', url), { headers });
        expect([apis[api], token, status]).toEqual([apis[api], token, token === api ? 200 : 403]);
      }
    }
    expect(served.map((it) => it.replayed())).toEqual([3, 3, 3]);
  } finally {
    await Promise.all(served.map((it) => it.close()));
  }
});

/** Serves the stack of the rules with the local gateway and the authorizer in this process. */
async function serve(
  type: 'REST' | 'HTTP',
  rules: readonly Rule[],
  apiScopes: readonly string[],
  grants: readonly (readonly string[])[],
  {
    resources,
    audiences,
  }: { resources: readonly string[]; audiences: readonly (readonly string[])[] } = {
    resources: [],
    audiences: [],
  },
) {
  const protectedResource = resources.map((path) => ({
    resource: urlOf(path),
    authorizationServers: ['https://login.example.com'],
  }));
  const config = {
    introspection: { endpoint: 'https://login.example.com/introspect' },
    operations: { dashboard: false },
    api: {
      ...{ type, upstream: upstream.url.origin, scopes: apiScopes, routes: rules },
      ...(resources.length > 0 && { protectedResource }),
    },
  };
  const { template } = synthesizeStack(stackOf(config, { local: true }));
  const authorizer = inMemoryAuthorizer(
    grants,
    audiences.map((paths) => paths.map(urlOf)),
  );
  return serveApi(template, authorizer);
}

/** Serves an API of a template, by default the only one, with the authorizer in this process. */
async function serveApi(
  template: Template,
  authorizer: ReturnType<typeof inMemoryAuthorizer>,
  logicalId?: string,
) {
  const resolved = resolveTemplate(template.toJSON(), { stackName: 'Exactness' });
  const variables = resolved
    .ofType('AWS::Lambda::Function')
    .map(({ properties }) => (properties as FunctionProperties).Environment.Variables)
    .find((it) => 'SCOPE_RULES' in it);
  if (variables === undefined) throw new Error('the stack has no authorizer');
  const handler = createGatewayHandler({
    config: readConfig(variables),
    authorizer,
    telemetry: silentTelemetry,
  });
  let served = 0;
  const api = createApiServer({
    template: resolved,
    logicalId,
    now: () => 0,
    onRequest: (record) => {
      served += record.authorizer === 'cached' ? 1 : 0;
    },
    invoke: async (_functionArn, event) => {
      try {
        return { payload: await handler(event as AuthorizerEvent, {} as Context) };
      } catch (error) {
        const { name, message } = error as Error;
        return { error: { errorType: name, errorMessage: message } };
      }
    },
  });
  const url = await api.listen(0);
  const client = statusClient(url);
  const close = () => {
    client.close();
    return api.close();
  };
  return { url, client, close, replayed: () => served };
}

/** Returns the expected status by the rules alone, without ARNs, authorizers or caches. */
function statusByTheRules(
  type: 'REST' | 'HTTP',
  rules: readonly Rule[],
  apiScopes: readonly string[],
  grant: readonly string[],
  { method, path, tool }: { method: string; path: string; tool: string | undefined },
): number {
  const decisive = decisiveRule(rules, { method, path });
  if (decisive === undefined) return type === 'REST' ? 403 : 404;
  const granted = (scopes: readonly string[]) => scopes.every((scope) => grant.includes(scope));
  if (!granted(apiScopes) || !decisive.scopes.some(granted)) return 403;
  const { tools } = decisive.mcp ?? {};
  // Tools that require nothing of their own are like no tools.
  if (!tools || Object.entries(tools).every(([name, it]) => name === '*' && it.length === 0)) {
    return 200;
  }
  const ofTool = tool === undefined ? undefined : (tools[tool] ?? tools['*']);
  return ofTool && granted(ofTool) ? 200 : 403;
}

/** Returns the rule of the route that API Gateway matches. */
function decisiveRule(
  rules: readonly Rule[],
  { method, path }: { method: string; path: string },
): Rule | undefined {
  const [decisive] = rules
    .filter((candidate) => candidate.method === 'ANY' || candidate.method === method)
    .filter((candidate) => matches(candidate.path, path))
    .sort((one, other) => specificity(other).localeCompare(specificity(one)));
  return decisive;
}

/** Returns whether a token is for the resource of a request or, if the only resource is elsewhere, for this one. */
function isForRequest(aud: readonly string[], path: string, resources: readonly string[]): boolean {
  const own = resourceOfPath(path, resources);
  const accepted = own === undefined ? resources : [own];
  return accepted.length === 0 || accepted.some((it) => aud.includes(it));
}

/** Returns the resource with the longest path that a path starts with, segment by segment. */
function resourceOfPath(path: string, resources: readonly string[]): string | undefined {
  const segments = path.split('/');
  const [longest] = resources
    .filter((it) => it.split('/').every((segment, at) => segment === segments[at]))
    .sort((one, other) => other.length - one.length);
  return longest;
}

/** Returns rules by which each request of one of several resources has a route of this resource. */
function lawfulRules(rules: readonly Rule[], resources: readonly string[]): readonly Rule[] {
  if (resources.length < 2) return rules;
  const added = resources
    .flatMap((it) => ROUTES_OF_RESOURCES[it] ?? [])
    .map((path): Rule => ({ method: 'ANY', path, scopes: [['b']] }));
  const declared = new Set(rules.map(({ method, path }) => `${method} ${path}`));
  return [
    ...rules.filter(({ path }) => resourceOfPath(path, resources) !== undefined),
    ...added.filter(({ path }) => !declared.has(`ANY ${path}`)),
  ];
}

function urlOf(resource: string): string {
  return `https://api.example.com${resource}`;
}

/** Returns the headers of a request that calls a tool. */
function callOf(tool: string): Record<string, string> {
  return {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': tool,
  };
}

function matches(pattern: string, path: string): boolean {
  const source = pattern.replace(/\{\w+\+\}/, '.+').replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${source}$`).test(path);
}

/** Returns a rank for sorting: fixed segments before variables before greedy ones, then by method. */
function specificity({ path, method }: Rule): string {
  const ranks = path
    .split('/')
    .slice(1)
    .map((segment) => (segment.endsWith('+}') ? '0' : segment.startsWith('{') ? '1' : '2'));
  return `${ranks.join('').padEnd(6, '3')}${method === 'ANY' ? '0' : '1'}`;
}
