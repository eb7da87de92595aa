import { result } from '../support/authorizer';
import { request, serve } from '../support/servers';
import {
  apiTemplate,
  authorized,
  gatewayResponse,
  method,
  mock,
  resource,
} from '../support/template';

const key = (Value: string, more = {}) => ({
  Type: 'AWS::ApiGateway::ApiKey',
  Properties: { Enabled: true, Value, ...more },
});
const plan = (Stage: unknown = { Ref: 'Stage' }) => ({
  Type: 'AWS::ApiGateway::UsagePlan',
  Properties: {
    ApiStages: [{ ApiId: { Ref: 'Api' }, Stage, Throttle: {} }],
    Quota: { Limit: 1, Period: 'DAY' },
    Throttle: { BurstLimit: 1, RateLimit: 1 },
  },
});
const member = (KeyId: string, UsagePlanId = 'Plan') => ({
  Type: 'AWS::ApiGateway::UsagePlanKey',
  Properties: { KeyId: { Ref: KeyId }, KeyType: 'API_KEY', UsagePlanId: { Ref: UsagePlanId } },
});

function serveKeys(ApiKeySourceType: string | undefined, usageIdentifierKey?: string, extra = {}) {
  const { payload } = result('Allow');
  const template = apiTemplate({
    Api: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: { ...(ApiKeySourceType && { ApiKeySourceType }) },
    },
    A: resource('a'),
    AGet: method('A', 'GET', mock('a'), { ...authorized, ApiKeyRequired: true }),
    B: resource('b'),
    BGet: method('B', 'GET', mock('b'), authorized),
    Gold: key('gold-key'),
    Off: key('off-key', { Enabled: false }),
    Lone: key('lone-key'),
    Plan: plan(),
    GoldMember: member('Gold'),
    OffMember: member('Off'),
    ...extra,
  });
  return serve({
    template,
    invoke: async () => ({
      payload: { ...payload, ...(usageIdentifierKey && { usageIdentifierKey }) },
    }),
  });
}

const get = (url: URL, path: string, ...headers: string[]) =>
  request(url, path, { headers: ['Authorization', 'x', ...headers] });

describe('method that requires an API key', () => {
  it('the API key of a new or cached authorizer result is accepted', async () => {
    const { url, records } = await serveKeys('AUTHORIZER', 'gold-key');
    for (let call = 0; call < 3; call += 1) expect((await get(url, '/a')).status).toBe(200);
    expect(records.map(({ authorizer }) => authorizer)).toEqual(['invoked', 'cached', 'cached']);
  });

  it.each([
    ['names no key', undefined],
    ['names an unknown key', 'other-key'],
    ['names a disabled key', 'off-key'],
    ['names a key without a usage plan', 'lone-key'],
  ])('returns 403 when the authorizer %s', async (_, usageIdentifierKey) => {
    const { url, records } = await serveKeys('AUTHORIZER', usageIdentifierKey);
    expect(await get(url, '/a', 'X-API-Key', 'gold-key')).toMatchObject({
      status: 403,
      body: '{"message":"Forbidden"}',
      headers: { 'x-amzn-errortype': 'ForbiddenException' },
    });
    expect(records).toMatchObject([{ gatewayResponse: 'INVALID_API_KEY', authorizer: 'invoked' }]);
    expect((await get(url, '/b')).status).toBe(200);
  });

  it('returns 403 for an API key whose usage plan is for another stage', async () => {
    const { url } = await serveKeys('AUTHORIZER', 'gold-key', { Plan: plan('v2') });
    expect((await get(url, '/a')).status).toBe(403);
  });

  it.each([undefined, 'HEADER'])(
    'the API key is read from X-API-Key and not from the authorizer when the source is %s',
    async (source) => {
      const { url } = await serveKeys(source, 'gold-key');
      expect((await get(url, '/a')).status).toBe(403);
      expect((await get(url, '/a', 'x-api-key', 'other-key')).status).toBe(403);
      expect((await get(url, '/a', 'x-api-key', 'gold-key')).status).toBe(200);
    },
  );

  it('a missing API key gives the gateway response INVALID_API_KEY', async () => {
    const { url } = await serveKeys('HEADER', undefined, {
      Custom: gatewayResponse('INVALID_API_KEY', { StatusCode: '401' }),
    });
    expect((await get(url, '/a')).status).toBe(401);
  });
});
