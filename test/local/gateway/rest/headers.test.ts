import { serveProxy } from '../support/proxy';
import { request, seenHeader } from '../support/servers';
import { authorized, stage } from '../support/template';

const allow = (context: object = {}) => ({
  payload: {
    principalId: 'alice',
    policyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    context,
  },
});

describe('request headers', () => {
  it('a REST API drops and passes the same request headers as AWS and adds forwarding headers', async () => {
    const { url, seen } = await serveProxy();
    const dropped = [
      'X-HTTP-Method-Override',
      'Proxy-Authenticate',
      'WWW-Authenticate',
      'Via',
      'TE',
      'Max-Forwards',
    ];
    await request(url, '/a', {
      headers: [
        ...dropped.flatMap((name) => [name, 'x']),
        ...['Authorization', 'Bearer opaque', 'X-Forwarded-For', '10.0.0.1', 'Accept', 'a/b'],
        ...['X-Forwarded-Proto', 'gopher', 'Date', 'then', 'User-Agent', 'me'],
      ],
    });
    const [call] = seen;
    for (const name of dropped) expect(seenHeader(call, name.toLowerCase())).toEqual([]);
    expect(seenHeader(call, 'authorization')).toEqual(['Bearer opaque']);
    expect(seenHeader(call, 'x-forwarded-for')).toEqual(['10.0.0.1, 127.0.0.1']);
    expect(seenHeader(call, 'x-forwarded-proto')).toEqual(['http']);
    expect(seenHeader(call, 'x-forwarded-port')).toEqual([url.port]);
    expect(seenHeader(call, 'x-amzn-trace-id')).toEqual([
      expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    ]);
    expect(seenHeader(call, 'accept')).toEqual(['a/b']);
    expect(seenHeader(call, 'date')).toEqual(['then']);
    expect(seenHeader(call, 'user-agent')).toEqual(['me']);
    expect(seenHeader(call, 'host')).not.toEqual([url.host]);
  });

  it('a REST API drops Authorization when it is an AWS signature', async () => {
    const { url, seen } = await serveProxy();
    await request(url, '/a', { headers: ['Authorization', 'AWS4-HMAC-SHA256 Credential=x'] });
    expect(seenHeader(seen[0], 'authorization')).toEqual([]);
  });
});

describe('header mapping of a REST API', () => {
  const toAuthorization = {
    'integration.request.header.Authorization': 'context.authorizer.authorization',
  };
  const behindAuthorizer = (context: object) => ({
    more: authorized,
    options: { invoke: async () => allow(context) },
  });

  it.each(['Authorization', 'authorization', 'AUTHORIZATION'])(
    "a header mapping replaces the client's %s",
    async (name) => {
      const { url, seen } = await serveProxy(
        undefined,
        toAuthorization,
        behindAuthorizer({ authorization: 'Bearer jwt' }),
      );
      await request(url, '/a', { headers: [name, 'Bearer opaque', name, 'Bearer second'] });
      expect(seenHeader(seen[0], 'authorization')).toEqual(['Bearer jwt']);
      expect(JSON.stringify(seen)).not.toContain('opaque');
    },
  );

  it('a mapped header without a value is not sent, not even with the value of the client', async () => {
    const { url, seen } = await serveProxy(undefined, toAuthorization, behindAuthorizer({}));
    await request(url, '/a', { headers: ['authorization', 'Bearer opaque'] });
    expect(seenHeader(seen[0], 'authorization')).toEqual([]);
  });

  it('a header mapping reads its value from any kind of source', async () => {
    const { url, seen } = await serveProxy(
      undefined,
      {
        'integration.request.header.X-Static': "'static, ok'",
        'integration.request.header.X-Header': 'method.request.header.X-In',
        'integration.request.header.X-Query': 'method.request.querystring.q',
        'integration.request.header.X-Path': 'method.request.path.proxy',
        'integration.request.header.X-Stage': 'stageVariables.color',
        'integration.request.header.X-Resource': 'context.resourcePath',
        'integration.request.header.X-Count': 'context.authorizer.count',
        'integration.request.header.X-Who': 'context.authorizer.principalId',
        'integration.request.header.X-Odd': 'context.constructor',
      },
      {
        ...behindAuthorizer({ count: 3 }),
        extra: { Stage: stage({ Variables: { color: 'blue' } }) },
        more: {
          ...authorized,
          RequestParameters: {
            'method.request.path.proxy': true,
            'method.request.header.X-In': false,
            'method.request.querystring.q': false,
          },
        },
      },
    );
    await request(url, '/a/b?q=a%20b', {
      headers: ['Authorization', 't', 'x-in', 'in', 'X-Odd', 'o'],
    });
    const value = (name: string) => seenHeader(seen[0], name);
    expect(value('x-static')).toEqual(['static, ok']);
    expect(value('x-header')).toEqual(['in']);
    expect(value('x-query')).toEqual(['a b']);
    expect(value('x-path')).toEqual(['a/b']);
    expect(value('x-stage')).toEqual(['blue']);
    expect(value('x-resource')).toEqual(['/{proxy+}']);
    expect(value('x-count')).toEqual(['3']);
    expect(value('x-who')).toEqual(['alice']);
    expect(value('x-odd')).toEqual([]);
  });

  it('a mapped value that is not valid in HTTP gives a configuration error without a call', async () => {
    const { url, seen, log, records } = await serveProxy(
      undefined,
      toAuthorization,
      behindAuthorizer({ authorization: 'Bearer a\r\nX-Evil: 1' }),
    );
    const response = await request(url, '/a', { headers: ['Authorization', 't'] });
    expect(response.status).toBe(500);
    expect(seen).toEqual([]);
    expect(records).toMatchObject([{ gatewayResponse: 'API_CONFIGURATION_ERROR' }]);
    expect(log).toEqual([expect.stringContaining('is not valid in an HTTP request')]);
    expect(log.join()).not.toContain('Bearer');
  });
});

describe('response headers', () => {
  it('a REST API remaps and drops the same response headers as AWS and adds a content type', async () => {
    const { url } = await serveProxy((response) => {
      response.setHeader('WWW-Authenticate', 'Bearer').setHeader('Server', 'upstream');
      response.setHeader('Via', '1.1 x').setHeader('Date', 'then').setHeader('X-Own', 'own').end();
    });
    const { headers } = await request(url, '/a');
    expect(headers).toMatchObject({
      'x-amzn-remapped-www-authenticate': 'Bearer',
      'x-amzn-remapped-server': 'upstream',
      'x-amzn-remapped-date': 'then',
      'x-own': 'own',
      'content-type': 'application/json',
      'x-amzn-requestid': expect.any(String),
    });
    expect(headers.date).not.toBe('then');
    for (const name of ['www-authenticate', 'server', 'via'])
      expect(headers).not.toHaveProperty(name);
  });
});
