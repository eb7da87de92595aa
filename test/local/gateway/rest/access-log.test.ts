import { request, serve } from '../support/servers';
import { apiTemplate, gatewayResponse, method, mock, resource, stage } from '../support/template';

function api(Format: string) {
  return apiTemplate({
    Stage: stage({ AccessLogSetting: { DestinationArn: 'arn:aws:logs:::x', Format } }),
    Orders: resource('orders'),
    OrdersGet: method('Orders', 'GET', mock('12345')),
    Missing: gatewayResponse('MISSING_AUTHENTICATION_TOKEN', { StatusCode: '404' }),
  });
}

describe('access log of a REST API', () => {
  it('the access log of a REST API has one line per request, with a hyphen for absent variables', async () => {
    const { url, log } = await serve({
      now: () => Date.UTC(2026, 10, 21, 22, 29, 5),
      template: api(
        '$context.identity.sourceIp [$context.requestTime] "$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength $context.integration.status $context.error.responseType $context.authorizer.sub $context.stage-$context.path',
      ),
    });
    await request(url, '/orders?token=x');
    await request(url, '/nowhere');
    expect(log).toEqual([
      '127.0.0.1 [21/Nov/2026:22:29:05 +0000] "GET /orders HTTP/1.1" 200 5 200 - - v1-/v1/orders',
      '127.0.0.1 [21/Nov/2026:22:29:05 +0000] "GET - HTTP/1.1" 404 42 - MISSING_AUTHENTICATION_TOKEN - v1-/v1/nowhere',
    ]);
  });

  it('the access log holds the request id of the response', async () => {
    const { url, log } = await serve({ template: api('$context.requestId') });
    const { headers } = await request(url, '/orders');
    expect(log).toEqual([headers['x-amzn-requestid']]);
  });
});
