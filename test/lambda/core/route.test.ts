import { policyResources, scopesRequired } from '../../../lambda/core/route';

const STAGE = 'arn:aws:execute-api:eu-central-1:123456789012:api/prod';
const route = (httpMethod: string, resource: string) => ({
  httpMethod,
  resource,
  methodArn: `${STAGE}/${httpMethod}/whatever/the/path`,
});

describe('scopesRequired', () => {
  const rules = {
    requiredScopes: ['api'],
    routeScopes: {
      'GET /orders/{id}': ['orders:read'],
      'ANY /orders/{id}': ['orders:write'],
      'GET /health': [],
    },
  };

  it('is the same for every route where routes do not differ', () => {
    const alike = { requiredScopes: ['api'], routeScopes: undefined };

    expect(scopesRequired(alike, route('GET', '/orders'))).toEqual(['api']);
    expect(scopesRequired(alike, route('DELETE', '/{proxy+}'))).toEqual(['api']);
  });

  it.each([
    ['GET', '/orders/{id}', ['api', 'orders:read']],
    ['DELETE', '/orders/{id}', ['api', 'orders:write']],
    ['GET', '/health', ['api']],
    ['get', '/health', ['api']],
  ])('adds what %s %s requires itself', (method, resource, scopes) => {
    expect(scopesRequired(rules, route(method, resource))).toEqual(scopes);
  });

  it.each([
    ['POST', '/health'],
    ['GET', '/'],
    ['GET', '/orders/1'],
    ['GET', '/ORDERS/{id}'],
    ['GET', '/{proxy+}'],
  ])('is undefined for %s %s, which no rule covers', (method, resource) => {
    expect(scopesRequired(rules, route(method, resource))).toBeUndefined();
  });

  it('finds no rule in what every object inherits', () => {
    const methods = ['CONSTRUCTOR', 'toString', '__proto__'];

    for (const method of methods) {
      expect(scopesRequired(rules, route(method, ''))).toBeUndefined();
    }
  });
});

describe('policyResources', () => {
  it('covers the stage where one decision holds for every route', () => {
    const alike = { requiredScopes: [], routeScopes: undefined };

    expect(policyResources(alike, route('GET', '/orders/{id}'))).toEqual([`${STAGE}/*`]);
  });

  it('covers the matched route alone where routes differ', () => {
    const differing = { requiredScopes: [], routeScopes: {} };

    expect(policyResources(differing, route('GET', '/orders/{id}'))).toEqual([
      `${STAGE}/GET/orders/*`,
    ]);
    expect(policyResources(differing, route('POST', '/admin'))).toEqual([
      `${STAGE}/POST/admin`,
      `${STAGE}/POST/admin/`,
    ]);
  });
});
