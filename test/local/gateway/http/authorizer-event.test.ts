import { httpAuthorizer, httpStage, protectedBy, serveHttpProxy } from '../support/http-template';
import { request } from '../support/servers';

const headers = [
  'AuthoriZation',
  'Bearer opaque',
  'X-Two',
  '1',
  'x-two',
  '2',
  'Cookie',
  'a=1; b=2',
  'User-Agent',
  'test',
];

async function eventFor(authorizer: Record<string, unknown>, StageName = '$default') {
  const invoke = jest.fn(async (_arn: string, _event: unknown) => ({ payload: null }));
  const { url } = await serveHttpProxy({
    routes: { 'GET /orders/{id}': protectedBy, $default: protectedBy },
    uri: '/',
    extra: {
      Authorizer: httpAuthorizer(authorizer),
      Stage: httpStage({ StageName, StageVariables: { tier: 'gold' } }),
    },
    options: { invoke, now: () => Date.UTC(2026, 10, 21, 22, 29, 5) },
  });
  const send = async (path: string) => {
    await request(url, path, { headers });
    return invoke.mock.calls.at(-1)?.[1] as Record<string, unknown>;
  };
  return { send };
}

describe('authorizer event of format 2.0', () => {
  it('an authorizer event of format 2.0 has exactly the members that AWS documents', async () => {
    const { send } = await eventFor({});
    const event = await send('/orders/a%20b?q=1&q=2&r=%2F');
    expect(event).toEqual({
      version: '2.0',
      type: 'REQUEST',
      routeArn: expect.stringMatching(
        /^arn:aws:execute-api:us-east-1:000000000000:\w{10}\/\$default\/GET\/orders\/a b$/,
      ),
      identitySource: ['Bearer opaque'],
      routeKey: 'GET /orders/{id}',
      rawPath: '/orders/a b',
      rawQueryString: 'q=1&q=2&r=%2F',
      cookies: ['a=1', 'b=2'],
      headers: expect.objectContaining({ authorization: 'Bearer opaque', 'x-two': '1,2' }),
      queryStringParameters: { q: '1,2', r: '/' },
      pathParameters: { id: 'a b' },
      stageVariables: { tier: 'gold' },
      requestContext: {
        accountId: '000000000000',
        apiId: expect.stringMatching(/^\w{10}$/),
        domainName: expect.stringMatching(/^\w{10}\.execute-api\.us-east-1\.amazonaws\.com$/),
        domainPrefix: expect.stringMatching(/^\w{10}$/),
        http: {
          method: 'GET',
          path: '/orders/a b',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.any(String),
        routeKey: 'GET /orders/{id}',
        stage: '$default',
        time: '21/Nov/2026:22:29:05 +0000',
        timeEpoch: Date.UTC(2026, 10, 21, 22, 29, 5),
      },
    });
    const names = Object.keys(event['headers'] as object);
    expect(names).toEqual(names.map((name) => name.toLowerCase()));
    expect(names).toEqual(expect.arrayContaining(['host', 'x-forwarded-for', 'x-amzn-trace-id']));
  });

  it('an authorizer event of format 2.0 holds the $default route, and a stage name in the path', async () => {
    const { send } = await eventFor({}, 'v1');
    const event = await send('/elsewhere');
    expect(event).toMatchObject({
      routeKey: '$default',
      rawPath: '/v1/elsewhere',
      rawQueryString: '',
      routeArn: expect.stringMatching(/\/v1\/GET\/elsewhere$/),
      requestContext: { stage: 'v1', http: { path: '/v1/elsewhere' } },
    });
    expect(event).not.toHaveProperty('pathParameters');
    expect(event).not.toHaveProperty('queryStringParameters');
  });
});

describe('authorizer event of format 1.0', () => {
  it('an authorizer event of format 1.0 has exactly the members that AWS documents', async () => {
    const { send } = await eventFor({
      AuthorizerPayloadFormatVersion: '1.0',
      EnableSimpleResponses: false,
      IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
    });
    expect(await send('/orders/a%20b?q=1&q=2')).toEqual({
      version: '1.0',
      type: 'REQUEST',
      methodArn: expect.stringMatching(/:\w{10}\/\$default\/GET\/orders\/a b$/),
      identitySource: 'Bearer opaque,GET /orders/{id}',
      authorizationToken: 'Bearer opaque,GET /orders/{id}',
      resource: '/orders/{id}',
      path: '/orders/a b',
      httpMethod: 'GET',
      headers: expect.objectContaining({
        AuthoriZation: 'Bearer opaque',
        'X-Two': '1',
        'x-two': '2',
      }),
      queryStringParameters: { q: '2' },
      pathParameters: { id: 'a b' },
      stageVariables: { tier: 'gold' },
      requestContext: expect.objectContaining({
        path: '/orders/a b',
        resourcePath: '/orders/{id}',
        httpMethod: 'GET',
        stage: '$default',
        identity: { sourceIp: '127.0.0.1', userAgent: 'test' },
      }),
    });
  });
});
