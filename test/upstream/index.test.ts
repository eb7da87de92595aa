import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { type ProxyEvent, phantomToken, withPhantomToken } from '../../upstream';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln';
const OPAQUE = 'Bearer opaque-access-token';

/** Relevant members of each kind of event, as AWS sends it, with an optional authorizer. */
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

/** Returns all values of a header, by case-insensitive name. */
function valuesOf(name: string, { headers, multiValueHeaders }: ProxyEvent): unknown[] {
  return [headers, multiValueHeaders].flatMap((all) =>
    Object.entries(all ?? {}).flatMap(([key, value]) =>
      key.toLowerCase() === name ? [value] : [],
    ),
  );
}

describe('phantomToken', () => {
  it.each(PROTECTED)(
    'phantomToken returns the JWT without a scheme in an event of %s',
    (_, event) => {
      expect(phantomToken(event)).toBe(JWT);
    },
  );

  it.each(PUBLIC)('phantomToken returns undefined on a public route of %s', (_, event) => {
    expect(phantomToken(event)).toBeUndefined();
  });

  it.each([
    ['null', null],
    ['a string', `Bearer ${JWT}`],
    ['the claims of a JWT authorizer', { jwt: { claims: { sub: 'alice' }, scopes: [] } }],
    ['the claims of a Cognito authorizer', { claims: { sub: 'alice' } }],
    ['an empty context', { lambda: {} }],
    ['a context of nothing', { lambda: null }],
    ['values that are not strings', { jwt: 1, authorization: { toString: () => JWT } }],
  ])('phantomToken returns undefined if the authorizer context is %s', (_, authorizer) => {
    expect(phantomToken({ requestContext: { authorizer } })).toBeUndefined();
  });

  it('phantomToken ignores all values that the client sends', () => {
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
    'withPhantomToken sets Authorization to the phantom token for %s',
    (_, event, name) => {
      const copy = withPhantomToken(event);

      expect(copy.headers).toHaveProperty(name, `Bearer ${JWT}`);
      expect(JSON.stringify(copy)).not.toContain(OPAQUE);
    },
  );

  it.each(PROTECTED)('withPhantomToken changes only Authorization for %s', (_, event, name) => {
    expect(withPhantomToken(event)).toEqual({
      ...event,
      headers: { ...event.headers, [name]: `Bearer ${JWT}` },
      ...(event.multiValueHeaders && {
        multiValueHeaders: { ...event.multiValueHeaders, [name]: [`Bearer ${JWT}`] },
      }),
    });
  });

  it.each(ALL)('withPhantomToken does not modify the event of %s', (_, event) => {
    const before = structuredClone(event);

    withPhantomToken(event);

    expect(event).toEqual(before);
  });

  it.each(['authorization', 'AUTHORIZATION', 'aUTHORIZATION'])(
    'withPhantomToken replaces the client’s header %s',
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

  it.each(PUBLIC)('withPhantomToken removes Authorization on a public route of %s', (_, event) => {
    const copy = withPhantomToken(event);

    expect(valuesOf('authorization', copy)).toEqual([]);
    expect(valuesOf('accept', copy)).toEqual(valuesOf('accept', event));
  });

  it.each([
    ['null', { headers: null, multiValueHeaders: null }],
    ['absent', {}],
  ])('withPhantomToken accepts an event whose headers are %s', (_, headers) => {
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

  it('withPhantomToken leaves at most the phantom token in Authorization for any client headers', () => {
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

  it('withPhantomToken makes JWT middleware work that reads Authorization', async () => {
    /** Middleware that reads the bearer token of an event. */
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
