import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { type ProxyEvent, phantomToken, withPhantomToken } from '../../upstream';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln';
const OPAQUE = 'Bearer opaque-access-token';

/** Returns the relevant members of an event of a REST API, with an authorizer context if it is specified. */
const rest = (authorizer?: object) =>
  ({
    resource: '/orders/{id}',
    path: '/orders/1',
    httpMethod: 'GET',
    headers: { Authorization: OPAQUE, Accept: 'application/json' },
    multiValueHeaders: { Authorization: [OPAQUE], Accept: ['application/json', 'text/html'] },
    pathParameters: { id: '1' },
    body: '{"a":1}',
    requestContext: { stage: 'prod', ...(authorizer && { authorizer }) },
  }) as const;
const http1 = (authorizer?: object) => ({ ...rest(authorizer), version: '1.0' }) as const;
const http2 = (lambda?: object) =>
  ({
    version: '2.0',
    routeKey: 'GET /orders/{id}',
    rawPath: '/orders/1',
    cookies: ['session=1'],
    headers: { authorization: OPAQUE, accept: 'application/json' },
    requestContext: { stage: '$default', ...(lambda && { authorizer: { lambda } }) },
    isBase64Encoded: false,
  }) as const;

const CONTEXT = { sub: 'alice', client_id: 'shop', exp: '1800000600' };
const PROTECTED: readonly (readonly [string, ProxyEvent, string])[] = [
  ['a REST API', rest({ authorization: `Bearer ${JWT}`, ...CONTEXT }), 'Authorization'],
  ['an HTTP API, payload format 1.0', http1({ jwt: JWT, ...CONTEXT }), 'Authorization'],
  ['an HTTP API, payload format 2.0', http2({ jwt: JWT, ...CONTEXT }), 'authorization'],
];
const PUBLIC: readonly (readonly [string, ProxyEvent])[] = [
  ['a REST API', rest()],
  ['an HTTP API, payload format 1.0', http1()],
  ['an HTTP API, payload format 2.0', http2()],
];

const ALL = [...PROTECTED, ...PUBLIC].map(([name, event]) => [name, event] as const);

/** Returns all values of a header, ignoring the case of its name. */
function valuesOf(name: string, { headers, multiValueHeaders }: ProxyEvent): unknown[] {
  return [headers, multiValueHeaders].flatMap((all) =>
    Object.entries(all ?? {}).flatMap(([key, value]) =>
      key.toLowerCase() === name ? [value] : [],
    ),
  );
}

describe('phantomToken', () => {
  it.each(PROTECTED)('returns the bare JWT from an event of %s', (_, event) => {
    expect(phantomToken(event)).toBe(JWT);
  });

  it.each(PUBLIC)('returns undefined for a public route of %s', (_, event) => {
    expect(phantomToken(event)).toBeUndefined();
  });

  it.each([
    ['null', null],
    ['a string', `Bearer ${JWT}`],
    ['the claims of a JWT authorizer', { jwt: { claims: { sub: 'alice' }, scopes: [] } }],
    ['the claims of a Cognito authorizer', { claims: { sub: 'alice' } }],
    ['an empty nested context', { lambda: {} }],
    ['a nested context of null', { lambda: null }],
    ['values that are not strings', { jwt: 1, authorization: { toString: () => JWT } }],
  ])('returns undefined if the authorizer context is %s', (_, authorizer) => {
    expect(phantomToken({ requestContext: { authorizer } })).toBeUndefined();
  });

  it('never reads the phantom token from what the client sends', () => {
    const forged = `Bearer ${JWT}`;
    const headers = {
      authorization: forged,
      jwt: JWT,
      'x-phantom-token': JWT,
      'requestContext.authorizer.jwt': JWT,
    };
    const event = { ...http2(), headers, queryStringParameters: { jwt: JWT }, body: forged };

    expect(phantomToken(event)).toBeUndefined();
  });
});

describe('withPhantomToken', () => {
  it.each(PROTECTED)(
    'replaces the Authorization header of %s with the phantom token',
    (_, event, name) => {
      const copy = withPhantomToken(event);

      expect(copy.headers).toHaveProperty(name, `Bearer ${JWT}`);
      expect(JSON.stringify(copy)).not.toContain(OPAQUE);
    },
  );

  it.each(PROTECTED)('changes only the Authorization header of %s', (_, event, name) => {
    expect(withPhantomToken(event)).toEqual({
      ...event,
      headers: { ...event.headers, [name]: `Bearer ${JWT}` },
      ...(event.multiValueHeaders && {
        multiValueHeaders: { ...event.multiValueHeaders, [name]: [`Bearer ${JWT}`] },
      }),
    });
  });

  it.each(ALL)('does not modify the original event of %s', (_, event) => {
    const before = structuredClone(event);

    withPhantomToken(event);

    expect(event).toEqual(before);
  });

  it.each(['authorization', 'AUTHORIZATION', 'aUTHORIZATION'])(
    'replaces the client’s %s header instead of adding a value',
    (name) => {
      for (const [, event, expected] of PROTECTED) {
        const copy = withPhantomToken({
          ...event,
          headers: { [name]: OPAQUE },
          multiValueHeaders: { [name]: [OPAQUE, 'Basic YTpi'] },
        });

        expect(copy.headers).toEqual({ [expected]: `Bearer ${JWT}` });
        expect(copy.multiValueHeaders).toEqual({ [expected]: [`Bearer ${JWT}`] });
      }
    },
  );

  it.each(PUBLIC)('removes Authorization from the event of a public route of %s', (_, event) => {
    const copy = withPhantomToken(event);

    expect(valuesOf('authorization', copy)).toEqual([]);
    expect(valuesOf('accept', copy)).toEqual(valuesOf('accept', event));
  });

  it.each([
    ['null', { headers: null, multiValueHeaders: null }],
    ['absent', {}],
  ])('accepts headers that are %s', (_, headers) => {
    const authorizer = { jwt: JWT };

    expect(withPhantomToken({ ...headers, requestContext: { authorizer } })).toEqual({
      ...headers,
      headers: { Authorization: `Bearer ${JWT}` },
      requestContext: { authorizer },
    });
    expect(withPhantomToken({ ...headers, requestContext: {} })).toEqual({
      ...headers,
      headers: {},
      requestContext: {},
    });
  });

  it('returns at most one Authorization header, with the phantom token, for any headers of the client', () => {
    const name = fc.oneof(
      fc.mixedCase(fc.constant('authorization')),
      fc.constantFrom('__proto__', 'constructor', 'jwt', 'proxy-authorization'),
      fc.string(),
    );
    const headers = fc.option(fc.dictionary(name, fc.string()));
    const multiValueHeaders = fc.option(fc.dictionary(name, fc.array(fc.string())));
    const kind = fc.constantFrom<(context?: object) => ProxyEvent>(rest, http1, http2);
    const context = fc.constantFrom(
      undefined,
      {},
      { jwt: JWT },
      { authorization: `Bearer ${JWT}` },
    );

    fc.assert(
      fc.property(kind, context, headers, multiValueHeaders, (make, given, single, multiple) => {
        const event = { ...make(given), headers: single, multiValueHeaders: multiple };
        const copy = withPhantomToken(event);
        const expected = given && Object.keys(given).length > 0 ? [`Bearer ${JWT}`] : [];

        expect(valuesOf('authorization', { ...copy, multiValueHeaders: null })).toEqual(expected);
        expect(valuesOf('authorization', { ...copy, headers: null })).toEqual(
          multiple === null || expected.length === 0 ? [] : [expected],
        );
        for (const other of Object.keys(single ?? {})) {
          if (other.toLowerCase() === 'authorization') continue;
          expect(Object.getOwnPropertyDescriptor(copy.headers, other)?.value).toBe(
            Object.getOwnPropertyDescriptor(single, other)?.value,
          );
        }
      }),
    );
  });

  it('works with JWT middleware that reads only the Authorization header', async () => {
    /** Returns a handler that reads the bearer token, like such middleware. */
    function verified<Event extends ProxyEvent>(handler: (event: Event, jwt: string) => string) {
      return async (event: Event) => {
        const [value] = valuesOf('authorization', { ...event, multiValueHeaders: null });
        const jwt = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(String(value))?.[1];
        return jwt === undefined
          ? { statusCode: 401 }
          : { statusCode: 200, body: handler(event, jwt) };
      };
    }
    const handler = verified((event: APIGatewayProxyEvent, jwt) => `${event.httpMethod} ${jwt}`);
    const handler2 = verified((event: APIGatewayProxyEventV2, jwt) => `${event.routeKey} ${jwt}`);
    const restApi = rest({ authorization: `Bearer ${JWT}` }) as unknown as APIGatewayProxyEvent;
    const httpApi = http2({ jwt: JWT }) as unknown as APIGatewayProxyEventV2;
    const publicRoute = rest() as unknown as APIGatewayProxyEvent;

    expect(await handler(restApi)).toEqual({ statusCode: 401 });
    expect(await handler(withPhantomToken(restApi))).toEqual({
      statusCode: 200,
      body: `GET ${JWT}`,
    });
    expect(await handler2(withPhantomToken(httpApi))).toEqual({
      statusCode: 200,
      body: `GET /orders/{id} ${JWT}`,
    });
    expect(await handler(withPhantomToken(publicRoute))).toEqual({ statusCode: 401 });
  });
});
