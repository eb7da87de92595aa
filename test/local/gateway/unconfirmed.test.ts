import { createApiServer } from '../../../local/gateway/server';
import type { ResolvedTemplate } from '../../../local/template/resolve';
import { httpIntegration, httpRoute, httpTemplate, protectedBy } from './support/http-template';
import {
  apiTemplate,
  declaresProxy,
  gatewayResponse,
  method,
  mock,
  proxyTo,
  resource,
} from './support/template';

const unconfirmed = (template: ResolvedTemplate) =>
  createApiServer({ template, invoke: async () => ({ payload: {} }) }).unconfirmed;

const restApi = (extra: Parameters<typeof apiTemplate>[0]) =>
  unconfirmed(apiTemplate({ Root: method('', 'GET', mock('root')), ...extra }));

const httpApi = (more: Record<string, unknown>) =>
  unconfirmed(
    httpTemplate({
      Proxy: httpIntegration('http://127.0.0.1:1/'),
      Route: httpRoute('GET /a', 'Proxy', more),
    }),
  );

test('a REST API that maps to Authorization relies on an unconfirmed behavior', () => {
  const mappings = { 'integration.request.header.Authorization': 'context.authorizer.a' };
  const proxy = (mapped: object) => ({
    Proxy: resource('{proxy+}'),
    ProxyAny: method(
      'Proxy',
      'ANY',
      proxyTo(new URL('http://127.0.0.1:1'), { ...mapped }),
      declaresProxy,
    ),
  });

  expect(restApi(proxy(mappings))).toEqual([
    "a mapping to Authorization replaces a client's authorization in another case",
  ]);
  expect(restApi(proxy({}))).toEqual([]);
});

test('a gateway response header that reads the authorizer context relies on an unconfirmed behavior', () => {
  const denied = (source: string) => ({
    Denied: gatewayResponse('ACCESS_DENIED', {
      ResponseParameters: { 'gatewayresponse.header.X-Scope': source },
    }),
  });

  expect(restApi(denied('context.authorizer.scope'))).toEqual([
    'headers of ACCESS_DENIED can read the authorizer context',
  ]);
  expect(restApi(denied('context.requestId'))).toEqual([]);
});

test('a gateway response without a status, whose default has one, relies on an unconfirmed behavior', () => {
  const Default = gatewayResponse('DEFAULT_4XX', { StatusCode: '400' });

  expect(restApi({ Default, Own: gatewayResponse('UNAUTHORIZED', {}) })).toEqual([
    'UNAUTHORIZED has no StatusCode and does not inherit that of its default response',
  ]);
  expect(restApi({ Default, Own: gatewayResponse('UNAUTHORIZED', { StatusCode: '401' }) })).toEqual(
    [],
  );
  expect(restApi({ Default, Own: gatewayResponse('INTEGRATION_FAILURE', {}) })).toEqual([]);
});

test('an HTTP API with an authorizer relies on unconfirmed behaviors', () => {
  expect(httpApi(protectedBy)).toEqual([
    'an authorizer that throws Unauthorized gives 401',
    'a request with a trailing slash keeps the authorizer context',
  ]);
  expect(httpApi({})).toEqual([]);
});
