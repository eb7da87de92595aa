import { asAlice, result, serveWith } from '../support/authorizer';
import { request } from '../support/servers';
import { authorizer, permission, stage } from '../support/template';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:authorizer';

describe('REQUEST authorizer', () => {
  it('a REQUEST authorizer receives the event that AWS documents', async () => {
    const { url, invocation } = await serveWith(async () => result('Allow'), {
      Stage: stage({ Variables: { color: 'blue' } }),
    });
    await request(url, '/orders/a%2Fb?x=1&x=2&y=%20', {
      headers: ['AUTHORIZATION', 'Bearer opaque', 'User-Agent', 'test', 'X-Two', '1', 'X-Two', '2'],
    });
    expect(invocation).toHaveBeenCalledWith(arn, {
      type: 'REQUEST',
      methodArn: expect.stringMatching(
        /^arn:aws:execute-api:us-east-1:000000000000:[a-z0-9]{10}\/v1\/GET\/orders\/a%2Fb$/,
      ),
      resource: '/orders/{id}',
      path: '/orders/a%2Fb',
      httpMethod: 'GET',
      headers: expect.objectContaining({ AUTHORIZATION: 'Bearer opaque', 'X-Two': '2' }),
      multiValueHeaders: expect.objectContaining({
        AUTHORIZATION: ['Bearer opaque'],
        'X-Two': ['1', '2'],
        'X-Forwarded-For': ['127.0.0.1'],
      }),
      queryStringParameters: { x: '2', y: ' ' },
      multiValueQueryStringParameters: { x: ['1', '2'], y: [' '] },
      pathParameters: { id: 'a%2Fb' },
      stageVariables: { color: 'blue' },
      requestContext: expect.objectContaining({
        accountId: '000000000000',
        apiId: expect.stringMatching(/^[a-z0-9]{10}$/),
        stage: 'v1',
        path: '/v1/orders/a%2Fb',
        httpMethod: 'GET',
        resourcePath: '/orders/{id}',
        resourceId: expect.stringMatching(/^[a-z0-9]{6}$/),
        requestId: expect.any(String),
        requestTimeEpoch: expect.any(Number),
        protocol: 'HTTP/1.1',
        identity: { sourceIp: '127.0.0.1', userAgent: 'test' },
      }),
    });
  });

  it.each([
    ['is missing', []],
    ['is empty', ['Authorization', '']],
  ])('returns 401 without an invocation when the identity source %s', async (_, headers) => {
    const { url, invocation, records } = await serveWith(async () => result('Allow'));
    expect(await request(url, '/orders', { headers })).toMatchObject({
      status: 401,
      body: '{"message":"Unauthorized"}',
      headers: { 'x-amzn-errortype': 'UnauthorizedException' },
    });
    expect(invocation).not.toHaveBeenCalled();
    expect(records).toMatchObject([
      { authorizer: 'identity-missing', gatewayResponse: 'UNAUTHORIZED', resource: '/orders' },
    ]);
  });

  it('an authorizer without result cache is invoked for each request that has its identity source', async () => {
    const { url, invocation } = await serveWith(async () => result('Allow'), {
      Authorizer: authorizer({ AuthorizerResultTtlInSeconds: 0 }),
    });
    expect((await request(url, '/orders')).status).toBe(401);
    expect((await request(url, '/orders', asAlice)).status).toBe(200);
    expect((await request(url, '/orders', asAlice)).status).toBe(200);
    expect(invocation).toHaveBeenCalledTimes(2);
  });

  it('an authorizer without result cache and identity source is invoked for each request', async () => {
    const { url, invocation } = await serveWith(async () => result('Allow'), {
      Authorizer: authorizer({ AuthorizerResultTtlInSeconds: 0, IdentitySource: '' }),
    });
    expect((await request(url, '/orders')).status).toBe(200);
    expect((await request(url, '/orders')).status).toBe(200);
    expect(invocation).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['exactly Unauthorized', { errorMessage: 'Unauthorized' }, 401, 'UNAUTHORIZED'],
    [
      'a message that contains Unauthorized',
      { errorMessage: 'Unauthorized.' },
      500,
      'AUTHORIZER_CONFIGURATION_ERROR',
    ],
    ['another error', { errorMessage: 'boom' }, 500, 'AUTHORIZER_CONFIGURATION_ERROR'],
  ])(
    'an authorizer that throws %s is not cached (%j, status %i)',
    async (_, error, status, gatewayResponse) => {
      const { url, invocation, records } = await serveWith(async () => ({
        error: { errorType: 'Error', ...error },
      }));
      for (const _round of [1, 2]) {
        expect((await request(url, '/orders', asAlice)).status).toBe(status);
      }
      expect(invocation).toHaveBeenCalledTimes(2);
      expect(records).toMatchObject([{ gatewayResponse, authorizer: 'invoked' }, {}]);
    },
  );

  it('an authorizer that cannot be invoked gives 500 with the default body', async () => {
    const { url, log } = await serveWith(() => Promise.reject(new TypeError('worker gone')));
    expect(await request(url, '/orders', asAlice)).toMatchObject({
      status: 500,
      body: '{"message":null}',
      headers: { 'x-amzn-errortype': 'AuthorizerConfigurationException' },
    });
    expect(log).toEqual([
      expect.stringMatching(/^\([0-9a-f-]{36}\) the authorizer failed: TypeError$/),
    ]);
  });

  it('a malformed authorizer result gives 500 and a log line, and is not cached', async () => {
    const { url, log, invocation } = await serveWith(async () => ({
      payload: { principalId: 'a' },
    }));
    for (const _round of [1, 2]) {
      expect((await request(url, '/orders', asAlice)).status).toBe(500);
    }
    expect(invocation).toHaveBeenCalledTimes(2);
    expect(log[0]).toContain('policyDocument');
  });

  it.each([
    ['another function', { FunctionName: 'other' }],
    ['another principal', { Principal: 'events.amazonaws.com', EventSourceToken: 'x' }],
    [
      'another authorizer',
      { SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:*/authorizers/x' },
    ],
    ['another action', { Action: 'lambda:GetFunction' }],
    ['another account', { SourceAccount: '111111111111' }],
  ])('returns 500 without an invocation when the permission is for %s', async (_, properties) => {
    const { url, invocation, log } = await serveWith(async () => result('Allow'), {
      Permission: permission(properties),
    });
    expect((await request(url, '/orders', asAlice)).status).toBe(500);
    expect(invocation).not.toHaveBeenCalled();
    expect(log).toEqual([expect.stringContaining(`lets API Gateway invoke ${arn}`)]);
  });

  it.each([
    [
      'the function name and no source',
      { FunctionName: 'authorizer', SourceArn: { Ref: 'AWS::NoValue' } },
    ],
    ['a wildcard source', { SourceArn: 'arn:aws:execute-api:us-east-1:*:*/authorizers/*' }],
  ])('an authorizer is invoked by a permission with %s', async (_, properties) => {
    const { url } = await serveWith(async () => result('Allow'), {
      Permission: permission(properties),
    });
    expect((await request(url, '/orders', asAlice)).status).toBe(200);
  });

  it.each([
    [
      'denies',
      result('Deny'),
      'User is not authorized to access this resource with an explicit deny',
    ],
    [
      'does not allow',
      result('Allow', 'arn:other'),
      'User is not authorized to access this resource',
    ],
  ])('returns 403 when the policy %s', async (_, invocationResult, message) => {
    const { url, records } = await serveWith(async () => invocationResult);
    expect(await request(url, '/orders', asAlice)).toMatchObject({
      status: 403,
      body: JSON.stringify({ Message: message }),
    });
    expect(records).toMatchObject([{ gatewayResponse: 'ACCESS_DENIED', authorizer: 'invoked' }]);
  });
});
