import { httpStage, protectedBy, serveHttpProxy } from '../support/http-template';
import { request } from '../support/servers';

const Format =
  '$context.identity.sourceIp [$context.requestTime] "$context.httpMethod $context.routeKey $context.protocol" $context.status $context.responseLength $context.error.responseType $context.authorizer.sub $context.path $context.integration.status $context.authorizer.error';

describe('access log of an HTTP API', () => {
  it('the access log of an HTTP API has one line per request, with a hyphen for absent variables', async () => {
    let payload: unknown = { isAuthorized: true, context: { sub: 'alice' } };
    const { url, log } = await serveHttpProxy({
      routes: { 'GET /orders/{id}': protectedBy },
      uri: '/',
      extra: {
        Stage: httpStage({
          StageName: 'v1',
          AccessLogSettings: { DestinationArn: 'arn:aws:logs:::x', Format },
        }),
      },
      options: {
        now: () => Date.UTC(2026, 10, 21, 22, 29, 5),
        invoke: async () => ({ payload }),
      },
    });
    const start = '127.0.0.1 [21/Nov/2026:22:29:05 +0000]';
    await request(url, '/orders/7', { headers: ['Authorization', 'a'] });
    await request(url, '/nowhere?token=x');
    payload = { isAuthorized: 'yes' };
    await request(url, '/orders/7', { headers: ['Authorization', 'b'] });
    expect(log).toEqual([
      `${start} "GET GET /orders/{id} HTTP/1.1" 200 2 - alice /v1/orders/7 200 -`,
      `${start} "GET - HTTP/1.1" 404 23 RESOURCE_NOT_FOUND - /v1/nowhere - -`,
      expect.stringMatching(/^\(\S+\) the authorizer result is malformed: isAuthorized/),
      expect.stringMatching(/500 35 AUTHORIZER_CONFIGURATION_ERROR .* malformed: isAuthorized/),
    ]);
  });
});
