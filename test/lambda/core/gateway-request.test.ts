import {
  type AuthorizerEvent,
  matchedRoute,
  readGatewayRequest,
} from '../../../lambda/core/gateway-request';
import { ARN, EVENTS, http1Event, http2Event, restEvent } from '../../support/authorizer-events';
import { faultWith, thrownBy } from '../../support/faults';

/** The stage ARN that policies for a request get. */
function stageArnOf(event: AuthorizerEvent): string {
  const { resultFormat: answer } = readGatewayRequest(event);
  if (answer.format !== 'policy') throw new Error('expected an answer by policy');
  return answer.stageArn;
}

describe('matchedRoute', () => {
  it('returns the method and the route of an event of each kind', () => {
    expect(matchedRoute(restEvent())).toEqual({ method: 'GET', route: '/orders/{id}' });
    expect(matchedRoute(http1Event())).toEqual({ method: 'GET', route: '/orders/{id}' });
    expect(matchedRoute(http2Event())).toEqual({ method: 'GET', route: 'GET /orders/{id}' });
  });

  it('matchedRoute returns nothing for a value that is not an event, and makes text printable', () => {
    expect(matchedRoute({} as AuthorizerEvent)).toEqual({});
    for (const some of [{}, { requestContext: {} }]) {
      expect(matchedRoute({ routeKey: '$default', ...some } as AuthorizerEvent)).toEqual({
        route: '$default',
      });
    }
    expect(matchedRoute({ ...restEvent(), httpMethod: 'G\nT', resource: '/\n' })).toEqual({
      method: 'G\\u000aT',
      route: '/\\u000a',
    });
  });
});

describe('readGatewayRequest', () => {
  it('reads an event of a REST API', () => {
    const event = restEvent();

    expect(readGatewayRequest(event)).toEqual({
      apiId: 'abcdef123',
      headers: event.headers,
      multiValueHeaders: event.multiValueHeaders,
      routeNames: ['GET /orders/{id}', 'ANY /orders/{id}', '/orders/{id}'],
      resultFormat: { api: 'REST', format: 'policy', stageArn: `${ARN}/test/*` },
    });
  });

  it('reads an event of an HTTP API in payload format 1.0', () => {
    const event = http1Event({ methodArn: `${ARN}/$default/GET/orders/1` });

    expect(readGatewayRequest(event)).toEqual({
      apiId: 'abcdef123',
      headers: event.headers,
      multiValueHeaders: event.multiValueHeaders,
      routeNames: ['GET /orders/{id}', 'ANY /orders/{id}', '/orders/{id}'],
      resultFormat: { api: 'HTTP', format: 'policy', stageArn: `${ARN}/$default/*` },
    });
  });

  it('reads an event of an HTTP API in payload format 2.0', () => {
    const event = http2Event();

    expect(readGatewayRequest(event)).toEqual({
      apiId: 'abcdef123',
      headers: event.headers,
      routeNames: ['GET /orders/{id}'],
      resultFormat: { api: 'HTTP', format: 'simple' },
    });
  });

  it('reads events without any header', () => {
    const { headers: _, ...withoutHeaders } = http2Event();

    expect(readGatewayRequest(restEvent({ headers: null, multiValueHeaders: null }))).toMatchObject(
      {
        headers: null,
        multiValueHeaders: null,
      },
    );
    expect(readGatewayRequest(withoutHeaders)).toMatchObject({ headers: null });
  });

  it('keeps the values of a header that was sent several times apart', () => {
    const multiValueHeaders = { Authorization: ['Bearer one', 'Bearer two'] };

    expect(readGatewayRequest(restEvent({ multiValueHeaders }))).toMatchObject({
      multiValueHeaders: { Authorization: ['Bearer one', 'Bearer two'] },
    });
  });
});

describe('the names of the matched route', () => {
  it('the names of the matched route put the method before ANY, in upper case', () => {
    const { routeNames } = readGatewayRequest(restEvent({ httpMethod: 'delete', resource: '/' }));

    expect(routeNames).toEqual(['DELETE /', 'ANY /', '/']);
  });

  it('the names of the matched route end with $default if that route matched in payload format 1.0', () => {
    const { routeNames } = readGatewayRequest(http1Event({ resource: '$default' }));

    expect(routeNames.at(-1)).toBe('$default');
  });

  it.each(['$default', 'ANY /{proxy+}', 'POST /orders/{id}/items'])(
    'the names of the matched route are the route key %s alone in payload format 2.0',
    (routeKey) => {
      expect(readGatewayRequest(http2Event({ routeKey })).routeNames).toEqual([routeKey]);
    },
  );

  it('the names of the matched route do not come from what the client sent', () => {
    const rest = restEvent({
      path: '/public',
      headers: { 'X-HTTP-Method-Override': 'PUT', 'X-Original-URL': '/public' },
    });
    const http2 = http2Event({ rawPath: '/public', headers: { 'x-original-url': '/public' } });

    expect(readGatewayRequest(rest).routeNames).toEqual(readGatewayRequest(restEvent()).routeNames);
    expect(readGatewayRequest(http2).routeNames).toEqual(
      readGatewayRequest(http2Event()).routeNames,
    );
  });
});

describe('the stage ARN', () => {
  it.each([
    ['the root', `${ARN}/prod/GET/`],
    ['a path of several segments', `${ARN}/prod/GET/a/b/c`],
    ['colons in the path', `${ARN}/prod/POST/orders/urn:order:1:2/items`],
    ['a path that looks like an ARN', `${ARN}/prod/GET/arn:aws:execute-api:r:1:other/x/GET/y`],
    ['wildcards in the path', `${ARN}/prod/GET/*/?`],
  ])('the stage ARN is the same for %s', (_, methodArn) => {
    expect(stageArnOf(restEvent({ methodArn }))).toBe(`${ARN}/prod/*`);
  });

  it.each([
    'arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef123',
    'arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abcdef123',
    'arn:aws-eusc:execute-api:eusc-de-east-1:123456789012:abcdef123',
  ])('the stage ARN keeps the partition and region of %s', (arn) => {
    expect(stageArnOf(restEvent({ methodArn: `${arn}/prod/GET/x` }))).toBe(`${arn}/prod/*`);
  });

  it.each([
    ['no text', ''],
    ['another service', 'arn:aws:lambda:us-east-1:123456789012:abcdef123/prod/GET/x'],
    ['no stage', ARN],
    ['a stage and no method', `${ARN}/prod`],
    ['an empty stage', `${ARN}//GET/x`],
    ['no API', 'arn:aws:execute-api:us-east-1:123456789012:/prod/GET/x'],
    ['too few parts', 'arn:aws:execute-api:us-east-1:abcdef123/prod/GET/x'],
    ['something before it', ` ${ARN}/prod/GET/x`],
  ])('a method ARN with %s is a fault', (_, methodArn) => {
    for (const event of [restEvent({ methodArn }), http1Event({ methodArn })]) {
      expect(thrownBy(() => readGatewayRequest(event))).toEqual(
        faultWith('event_invalid', 'the event cannot be read: its method ARN is not of an API'),
      );
    }
  });
});

describe('a value that is not an event of a REQUEST authorizer', () => {
  const faultOf = (event: unknown) => thrownBy(() => readGatewayRequest(event as AuthorizerEvent));

  it('an event of a TOKEN authorizer is a fault', () => {
    const event = {
      type: 'TOKEN',
      authorizationToken: 'Bearer opaque',
      methodArn: `${ARN}/prod/GET/x`,
    };

    expect(faultOf(event)).toEqual(
      faultWith('event_invalid', 'the event cannot be read: its type'),
    );
    expect(faultOf({ ...restEvent(), type: 'TOKEN' })).toEqual(faultWith('event_invalid'));
  });

  it('an event of a WebSocket API, which has no method and path, is a fault', () => {
    const { httpMethod: _, resource: __, path: ___, ...rest } = restEvent();
    const event = { ...rest, methodArn: `${ARN}/prod/$connect` };

    expect(faultOf(event)).toEqual(faultWith('event_invalid'));
  });

  it.each([
    { httpMethod: '' },
    { httpMethod: undefined },
    { resource: '' },
    { resource: undefined },
  ])('an event of a REST API with %j is a fault', (changes) => {
    expect(faultOf({ ...restEvent(), ...changes })).toEqual(
      faultWith('event_invalid', 'the event cannot be read: it names no method and resource'),
    );
  });

  it.each([undefined, {}, { method: '' }])(
    'an event of an HTTP API with http %j is a fault',
    (http) => {
      const event = http2Event();
      const requestContext = { ...event.requestContext, http };

      expect(faultOf({ ...event, requestContext })).toEqual(
        faultWith('event_invalid', 'the event cannot be read: it names no method'),
      );
    },
  );

  it.each(EVENTS)('an event without a request context is a fault, for %s', (_, event) => {
    const { requestContext: __, ...rest } = event;

    expect(faultOf(rest)).toEqual(faultWith('event_invalid'));
  });

  it.each(EVENTS)('an event that names no API is a fault, for %s', (_, event) => {
    for (const apiId of ['', undefined]) {
      const requestContext = { ...event.requestContext, apiId };

      expect(faultOf({ ...event, requestContext })).toEqual(
        faultWith('event_invalid', 'the event cannot be read: it names no API'),
      );
    }
  });

  it.each([
    ['the console’s test event', { key1: 'value1' }],
    ['an empty object', {}],
    ['a proxy event', { ...restEvent(), type: undefined }],
  ])('%s is not an event of a REQUEST authorizer, which is a fault', (_, event) => {
    expect(faultOf(event)).toEqual(faultWith('event_invalid'));
  });

  it('the fault for a value that is not an event shows nothing of it', () => {
    const fault = faultOf({ type: 'TOKEN', authorizationToken: 'Bearer opaque', methodArn: ARN });

    expect(JSON.stringify([String(fault), fault])).not.toContain('opaque');
  });
});
