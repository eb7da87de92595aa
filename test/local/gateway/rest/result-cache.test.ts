import { asAlice, result, serveWith } from '../support/authorizer';
import { request } from '../support/servers';
import { authorizer, stage } from '../support/template';

const as = (value: string) => ({ headers: ['Authorization', value] });

describe('result cache of a REST API', () => {
  it('the result cache reuses Allow and Deny until the TTL, to the second', async () => {
    let now = 1_800_000_000_000;
    const { url, invocation, records } = await serveWith(
      async (_, event) => result(JSON.stringify(event).includes('Bearer bad') ? 'Deny' : 'Allow'),
      { Authorizer: authorizer({ AuthorizerResultTtlInSeconds: 60 }) },
      { now: () => now },
    );
    const both = async () => [
      (await request(url, '/orders', asAlice)).status,
      (await request(url, '/orders', as('Bearer bad'))).status,
    ];
    expect(await both()).toEqual([200, 403]);
    now += 59_999;
    expect(await both()).toEqual([200, 403]);
    expect(invocation).toHaveBeenCalledTimes(2);
    now += 1;
    expect(await both()).toEqual([200, 403]);
    expect(invocation).toHaveBeenCalledTimes(4);
    expect(records.map((record) => record.authorizer)).toEqual(
      ['invoked', 'cached', 'invoked'].flatMap((outcome) => [outcome, outcome]),
    );
  });

  it('the result cache keeps results for 300 s by default', async () => {
    let now = 1_800_000_000_000;
    const { url, invocation } = await serveWith(
      async () => result('Allow'),
      {},
      { now: () => now },
    );
    await request(url, '/orders', asAlice);
    now += 299_999;
    await request(url, '/orders', asAlice);
    expect(invocation).toHaveBeenCalledTimes(1);
    now += 1;
    await request(url, '/orders', asAlice);
    expect(invocation).toHaveBeenCalledTimes(2);
  });

  it('a cached policy is evaluated for the method of each request', async () => {
    const { url, invocation } = await serveWith(async () => result('Allow', '*/GET/orders'));
    expect((await request(url, '/orders', asAlice)).status).toBe(200);
    expect((await request(url, '/orders', { ...asAlice, method: 'DELETE' })).status).toBe(403);
    expect((await request(url, '/orders/1', asAlice)).status).toBe(403);
    expect(invocation).toHaveBeenCalledTimes(1);
  });

  it('the result cache separates requests that differ in an identity source, or repeat one', async () => {
    const { url, invocation } = await serveWith(async () => result('Allow'), {
      Authorizer: authorizer({
        IdentitySource:
          'method.request.header.Authorization, method.request.querystring.tenant,context.httpMethod,stageVariables.color',
      }),
      Stage: stage({ Variables: { color: 'blue' } }),
    });
    await request(url, '/orders?tenant=a', asAlice);
    await request(url, '/orders?tenant=b', asAlice);
    await request(url, '/orders?tenant=b', { ...asAlice, method: 'POST' });
    await request(url, '/orders?tenant=b', as('Bearer other'));
    await request(url, '/orders?tenant=b', { headers: [...asAlice.headers, ...asAlice.headers] });
    expect(invocation).toHaveBeenCalledTimes(5);
    await request(url, '/orders?tenant=a&z=1', { headers: ['authorization', 'Bearer opaque'] });
    expect(invocation).toHaveBeenCalledTimes(5);
    expect((await request(url, '/orders', asAlice)).status).toBe(401);
  });

  it('flushAuthorizersCache empties the result cache of a REST API', async () => {
    const { gateway, url, invocation } = await serveWith(async () => result('Allow'));
    await request(url, '/orders', asAlice);
    gateway.flushAuthorizersCache();
    await request(url, '/orders', asAlice);
    expect(invocation).toHaveBeenCalledTimes(2);
  });
});
