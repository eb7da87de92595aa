import { readSender } from '../../../lambda/core/gateway-sender';
import { isUrlOf } from '../../../lambda/core/request-url';
import { http1Event, http2Event, restEvent } from '../../support/authorizer-events';

const BASES = [
  'https://abcdef123.execute-api.us-east-1.amazonaws.com/test',
  'https://api.example.com',
  'https://api.example.com/base',
  'https://api.example.com/base/test',
].map((url) => new URL(url));

function rest(path: string, contextPath: string) {
  const event = restEvent({ path });
  return { ...event, requestContext: { ...event.requestContext, path: contextPath } };
}

function http2(rawPath: string, stage: string) {
  const event = http2Event({ rawPath });
  return { ...event, requestContext: { ...event.requestContext, stage } };
}

/** Tells whether a URL is one of those that the client may have called. */
function accepts(event: Parameters<typeof readSender>[0], url: string): boolean {
  return readSender(event, BASES).urls.some((it) => isUrlOf(url, it));
}

describe('the URLs of a request to a REST API', () => {
  it.each([
    [
      'the domain of execute-api',
      rest('/orders/1', '/test/orders/1'),
      'https://abcdef123.execute-api.us-east-1.amazonaws.com/test/orders/1',
    ],
    [
      'the root on the domain of execute-api',
      rest('/', '/test/'),
      'https://abcdef123.execute-api.us-east-1.amazonaws.com/test/',
    ],
    [
      'a stage without a slash',
      rest('/', '/test'),
      'https://abcdef123.execute-api.us-east-1.amazonaws.com/test',
    ],
    ['a custom domain', rest('/orders/1', '/orders/1'), 'https://api.example.com/orders/1'],
    [
      'a custom domain with a base path',
      rest('/base/orders/1', '/base/orders/1'),
      'https://api.example.com/base/orders/1',
    ],
    [
      'a mapping without a stage',
      rest('/base/test/orders/1', '/base/test/orders/1'),
      'https://api.example.com/base/test/orders/1',
    ],
    [
      'a base path that is called like the stage',
      rest('/test/orders/1', '/test/orders/1'),
      'https://api.example.com/test/orders/1',
    ],
    [
      'a path that starts with two slashes',
      rest('/orders/1', '/test//orders/1'),
      'https://api.example.com//orders/1',
    ],
    ['an encoded path', rest('/a%2Fb', '/test/a%2Fb'), 'https://api.example.com/a%2fb'],
    ['the root on a custom domain', rest('/', '/test'), 'https://api.example.com'],
    ['a path of another stage', rest('/x', '/other/x'), 'https://api.example.com/other/x'],
    [
      'a path below the stage that begins like a base path',
      rest('/base/x', '/test/base/x'),
      'https://api.example.com/base/base/x',
    ],
    ['a path that differs', rest('/x', '/test/y'), 'https://api.example.com/test/y'],
  ])('the URLs of a request to a REST API contain that of %s', (_, event, url) => {
    expect(accepts(event, url)).toBe(true);
  });

  it.each([
    ['another path', rest('/orders/1', '/test/orders/1'), 'https://api.example.com/orders/2'],
    [
      'a part of the path',
      rest('/x/orders/1', '/test/x/orders/1'),
      'https://api.example.com/orders/1',
    ],
    [
      'the path below a base path that is already in it',
      rest('/base/orders/1', '/base/orders/1'),
      'https://api.example.com/base/base/orders/1',
    ],
    [
      'a host from a header',
      restEvent({ headers: { Host: 'evil.example.com', 'X-Forwarded-Host': 'evil.example.com' } }),
      'https://evil.example.com/orders/1',
    ],
    ['a decoded path', rest('/a%2Fb', '/test/a%2Fb'), 'https://api.example.com/a/b'],
    [
      'the path below a base path that is not in it',
      rest('/orders/1', '/orders/1'),
      'https://api.example.com/base/orders/1',
    ],
  ])('the URLs of a request to a REST API do not contain %s', (_, event, url) => {
    expect(accepts(event, url)).toBe(false);
  });
});

describe('the URLs of a request to an HTTP API', () => {
  it.each([
    ['the default stage', http2('/orders/1', '$default'), 'https://api.example.com/orders/1'],
    [
      'a custom domain whose event has neither mapping key nor stage',
      http2('/orders/1', '$default'),
      'https://api.example.com/base/orders/1',
    ],
    [
      'another stage',
      http2('/test/orders/1', 'test'),
      'https://abcdef123.execute-api.us-east-1.amazonaws.com/test/orders/1',
    ],
    [
      'a custom domain whose event has the mapping key',
      http2('/base/orders/1', '$default'),
      'https://api.example.com/base/orders/1',
    ],
    [
      'a custom domain whose event has the stage',
      http2('/test/orders/1', 'test'),
      'https://api.example.com/base/orders/1',
    ],
    [
      'a path that API Gateway decoded',
      http2('/a b/c', '$default'),
      'https://api.example.com/a%20b%2Fc',
    ],
    [
      'a path below another stage that API Gateway decoded',
      http2('/test/a b/c', 'test'),
      'https://api.example.com/a%20b%2Fc',
    ],
    [
      'a path below another stage that begins like a base path',
      http2('/test/base/x', 'test'),
      'https://api.example.com/base/base/x',
    ],
    ['the root', http2('/', '$default'), 'https://api.example.com'],
    ['payload format 1.0', http1Event(), 'https://api.example.com/orders/1'],
    [
      'a decoded path in payload format 1.0',
      http1Event({ path: '/a b/c' }),
      'https://api.example.com/a%20b%2Fc',
    ],
    [
      'a path that begins like the stage',
      http2('/testing', 'test'),
      'https://api.example.com/testing',
    ],
  ])('the URLs of a request to an HTTP API contain that of %s', (_, event, url) => {
    expect(accepts(event, url)).toBe(true);
  });

  it('the URLs of a request to an HTTP API do not contain another path', () => {
    expect(accepts(http2('/orders/1', '$default'), 'https://api.example.com/orders/2')).toBe(false);
    expect(
      accepts(http2('/$default/orders/1', '$default'), 'https://api.example.com/orders/1'),
    ).toBe(false);
  });
});

describe('readSender', () => {
  it.each([
    ['below the stage', rest('/x', '/test/x'), 'kept'],
    ['on a custom domain', rest('/x', '/x'), 'kept'],
    ['of an HTTP API', http2('/x', '$default'), 'decoded'],
    ['of an HTTP API below the stage', http2('/test/x', 'test'), 'decoded'],
  ])('reads how the path %s is encoded', (_, event, encoding) => {
    const origin = 'https://api.example.com';

    expect(readSender(event, [new URL(origin)]).urls).toEqual([
      { base: origin, origin, path: '/x', encoding },
    ]);
  });

  it('reads the path of a REST API without a path in the context', () => {
    const { requestContext, ...event } = restEvent({ path: '/x' });
    const { path: _, ...rest } = requestContext;
    const hollow = { ...event, requestContext: rest } as ReturnType<typeof restEvent>;

    expect(accepts(hollow, 'https://api.example.com/x')).toBe(true);
  });

  it.each([
    ['a REST API', restEvent({ httpMethod: 'PUT' }), 'PUT'],
    ['payload format 1.0', http1Event({ httpMethod: 'PUT' }), 'PUT'],
    ['payload format 2.0', http2Event(), 'GET'],
  ])('reads the method of %s', (_, event, method) => {
    expect(readSender(event, []).method).toBe(method);
  });

  it('reads every DPoP header, whatever its case', () => {
    const multiValueHeaders = { dpop: ['one'], DPoP: ['two', 'three'] };

    expect(readSender(restEvent({ multiValueHeaders }), []).proofs).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(readSender(http2Event({ headers: { dpop: 'one,two' } }), []).proofs).toEqual([
      'one,two',
    ]);
    expect(readSender(restEvent(), []).proofs).toEqual([]);
  });

  it('reads the client certificate of each kind of event', () => {
    const clientCert = {
      clientCertPem: 'PEM',
      issuerDN: '',
      serialNumber: '',
      subjectDN: '',
      validity: { notAfter: '', notBefore: '' },
    };
    const event = restEvent();
    const { requestContext } = event;
    const identity = { ...requestContext.identity, clientCert };
    const http = http2Event();
    const authentication = { clientCert };

    const events = [
      { ...event, requestContext: { ...requestContext, identity } },
      { ...http1Event(), requestContext: { ...requestContext, identity } },
      { ...http, requestContext: { ...http.requestContext, authentication } },
    ];
    for (const it of events) expect(readSender(it, []).certificate).toBe('PEM');
    for (const it of [event, http]) expect(readSender(it, []).certificate).toBeUndefined();
  });
});
