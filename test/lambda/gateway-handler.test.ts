import type { Context } from 'aws-lambda';
import { MAX_RESULT_BYTES } from '../../lambda/core/authorizer-result';
import type { Decision, Requirements } from '../../lambda/core/decision';
import type { AuthorizerEvent } from '../../lambda/core/gateway-request';
import type { TokenInfo } from '../../lambda/core/phantom-token';
import type { ApiRules } from '../../lambda/core/route';
import { createGatewayHandler, type GatewayHandlerOptions } from '../../lambda/gateway-handler';
import type { Telemetry } from '../../lambda/io/telemetry/telemetry';
import { ARN, EVENTS, http1Event, http2Event, restEvent } from '../support/authorizer-events';
import { faultWith } from '../support/faults';
import { AUDIENCE, facts, ISSUER, jws, NOW } from '../support/tokens';

type Config = GatewayHandlerOptions['config'];

function apiRules(
  byRoute: Record<string, readonly (readonly string[])[]>,
  audience?: readonly string[],
): ApiRules {
  const routes = new Map(Object.entries(byRoute));
  return { audience, publicUrls: [], routes, conditions: new Map() };
}

const CONFIG: Config = {
  token: {
    issuer: ISSUER,
    audience: [AUDIENCE],
    jwksUri: undefined,
    notBeforeToleranceSeconds: 60,
    senderConstraint: 'refuse',
  },
  scopeRules: new Map([['abcdef123', apiRules({ '*': [['read']] })]]),
  usageIdentifierClaim: undefined,
};
const rules = (byRoute: Record<string, readonly (readonly string[])[]>, apiId = 'abcdef123') =>
  new Map([[apiId, apiRules(byRoute)]]);
const CONTEXT = { awsRequestId: 'function-request' } as Context;
const JWT = jws({ sub: 'alice' });

const allow = (some: TokenInfo = facts({}, JWT)): Decision => ({ outcome: 'allow', facts: some });
const unauthorized: Decision = { outcome: 'unauthorized', reason: 'token_inactive' };
const forbidden: Decision = {
  outcome: 'forbidden',
  reason: 'insufficient_scope',
  facts: facts({}, JWT),
  requiredScopes: ['write'],
};
const FORBIDDEN_CONTEXT = { context: { required_scope: 'write' } };

/** A handler whose authorizer decides as told, and what it did with its neighbours. */
function arrange(decide: () => Decision, config: Partial<Config> = {}) {
  const asked: { request: object; requirements: Requirements }[] = [];
  const told: [keyof Telemetry, ...unknown[]][] = [];
  const record =
    (name: keyof Telemetry) =>
    (...parts: unknown[]) =>
      void told.push([name, ...parts]);
  const handle = createGatewayHandler({
    config: { ...CONFIG, ...config },
    authorizer: {
      async authorize(request, requirements) {
        asked.push({ request, requirements });
        return { decision: decide(), source: 'introspection' };
      },
      invalidate: async () => undefined,
    },
    telemetry: {
      configure: record('configure'),
      during: (_, work) => work(),
      logDecision: record('logDecision'),
      logFault: record('logFault'),
      logStartFailure: record('logStartFailure'),
      logPreparation: record('logStartFailure'),
      logHint: record('logHint'),
      logTokenCacheFault: record('logTokenCacheFault'),
      recordIntrospectionLatency: record('recordIntrospectionLatency'),
      recordSigningKeyAge: record('recordSigningKeyAge'),
      countCredentialReread: record('countCredentialReread'),
      countTokenCacheOperation: record('countTokenCacheOperation'),
      countSkippedIntrospection: record('countSkippedIntrospection'),
      logSecretReadFailure: record('logSecretReadFailure'),
      recordSecretAge: record('recordSecretAge'),
      recordExpiry: record('recordExpiry'),
    },
  });
  return {
    asked,
    told,
    answer: (event: AuthorizerEvent) => handle(event, CONTEXT),
    failure: (event: AuthorizerEvent): Promise<unknown> =>
      handle(event, CONTEXT).then(
        (result) => {
          throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
        },
        (error: unknown) => error,
      ),
  };
}
const policy = (Effect: string, Resource = `${ARN}/test/*`) => ({
  principalId: 'alice',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }],
  },
});
const CLAIMS = { sub: 'alice', client_id: 'shop', scope: 'read write', exp: NOW + 600 };

const ROUTE = { method: 'GET', route: expect.stringMatching(/^(GET )?\/orders\/\{id\}$/) };

describe.each(EVENTS)('for %s', (kind, event) => {
  const { requestId } = event.requestContext;

  it(`the authorizer gets the headers of the request and every requirement, for ${kind}`, async () => {
    const { asked, answer } = arrange(allow, {
      scopeRules: rules({ 'GET /orders/{id}': [['orders'], ['admin', 'audit']] }),
    });

    await answer(event);

    expect(asked).toEqual([
      {
        request: expect.objectContaining({ headers: event.headers }),
        requirements: {
          ...CONFIG.token,
          scopes: [['orders'], ['admin', 'audit']],
        },
      },
    ]);
  });

  it(`the handler requires the audience of the API in place of the function’s, for ${kind}`, async () => {
    const ofApi = { 'GET /orders/{id}': [[]] };
    const { asked, answer } = arrange(allow, {
      scopeRules: new Map([
        ['abcdef123', apiRules(ofApi, ['cards'])],
        ['another', apiRules(ofApi, ['payments'])],
      ]),
    });

    await answer(event);

    expect(asked).toEqual([
      {
        request: expect.anything(),
        requirements: { ...CONFIG.token, audience: ['cards'], scopes: [[]] },
      },
    ]);
  });

  it(`the handler throws exactly Unauthorized for an unauthorized request, which is not a fault, for ${kind}`, async () => {
    const { told, failure } = arrange(() => unauthorized);

    const error = await failure(event);

    expect(error).toBeInstanceOf(Error);
    expect(error).toHaveProperty('message', 'Unauthorized');
    const request = { context: CONTEXT, apiRequestId: requestId, ...ROUTE };
    expect(told).toEqual([['logDecision', request, unauthorized, 'introspection']]);
  });

  it(`the handler returns nothing of the token for a forbidden request, for ${kind}`, async () => {
    const { told, answer } = arrange(() => forbidden);

    const result = await answer(event);

    expect(result).toMatchObject(FORBIDDEN_CONTEXT);
    expect(JSON.stringify(result)).not.toContain(JWT);
    expect(told).toEqual([['logDecision', expect.anything(), forbidden, 'introspection']]);
  });

  it(`the handler returns the JWT once, for ${kind}`, async () => {
    const text = JSON.stringify(await arrange(allow).answer(event));

    expect(text.split(JWT)).toHaveLength(2);
  });

  it(`the handler throws for a route without a rule before it calls the authorizer, for ${kind}`, async () => {
    const { asked, told, failure } = arrange(allow, { scopeRules: rules({ 'GET /orders': [[]] }) });

    const error = await failure(event);

    expect(error).toEqual(
      faultWith(
        'route_not_configured',
        'no rule covers the route GET /orders/{id} of the API abcdef123',
      ),
    );
    expect(asked).toEqual([]);
    expect(told).toEqual([['logFault', expect.anything(), error]]);
  });

  it(`the handler throws for an API without rules before it calls the authorizer, for ${kind}`, async () => {
    const { asked, failure } = arrange(allow, { scopeRules: rules({ '*': [[]] }, 'another') });

    expect(await failure(event)).toEqual(faultWith('route_not_configured'));
    expect(asked).toEqual([]);
  });

  it(`the handler throws and logs the error that the authorizer throws, for ${kind}`, async () => {
    const broken = new Error('unreachable');
    const { told, failure } = arrange(() => {
      throw broken;
    });

    expect(await failure(event)).toBe(broken);
    expect(told).toEqual([['logFault', expect.anything(), broken]]);
  });

  it(`the handler returns a result of exactly 8 KB and not a byte more, for ${kind}`, async () => {
    const { answer } = arrange(() => allow(facts({}, '')));
    const room = MAX_RESULT_BYTES - Buffer.byteLength(JSON.stringify(await answer(event)));

    const largest = arrange(() => allow(facts({}, 'x'.repeat(room))));
    const tooLarge = arrange(() => allow(facts({}, 'x'.repeat(room + 1))));

    expect(Buffer.byteLength(JSON.stringify(await largest.answer(event)))).toBe(8192);
    const fault = await tooLarge.failure(event);
    expect(fault).toEqual(
      faultWith('phantom_token_too_large', 'the authorizer result is 8193 bytes'),
    );
    expect(tooLarge.told).toEqual([['logFault', expect.anything(), fault]]);
  });
});

describe('an allowed request', () => {
  it('an allowed request gets a policy for the stage and the header value of a REST API', async () => {
    expect(await arrange(allow).answer(restEvent())).toEqual({
      ...policy('Allow'),
      context: { authorization: `Bearer ${JWT}`, ...CLAIMS },
    });
  });

  it('an allowed request gets a policy for the stage and the bare JWT in payload format 1.0', async () => {
    const event = http1Event({ methodArn: `${ARN}/$default/GET/orders/1` });

    expect(await arrange(allow).answer(event)).toEqual({
      ...policy('Allow', `${ARN}/$default/*`),
      context: { jwt: JWT, ...CLAIMS },
    });
  });

  it('an allowed request gets a simple response and the bare JWT in payload format 2.0', async () => {
    expect(await arrange(allow).answer(http2Event())).toEqual({
      isAuthorized: true,
      context: { jwt: JWT, ...CLAIMS },
    });
  });
});

describe('a forbidden request', () => {
  it.each([
    ['a REST API', restEvent()],
    ['an HTTP API in payload format 1.0', http1Event()],
  ])('a forbidden request gets an explicit Deny for the stage on %s', async (_, event) => {
    expect(await arrange(() => forbidden).answer(event)).toEqual({
      ...policy('Deny'),
      ...FORBIDDEN_CONTEXT,
    });
  });

  it('a forbidden request gets a simple denial in payload format 2.0', async () => {
    expect(await arrange(() => forbidden).answer(http2Event())).toEqual({
      isAuthorized: false,
      ...FORBIDDEN_CONTEXT,
    });
  });
});

describe('the usage identifier', () => {
  it.each([
    ['sub', 'alice'],
    ['client_id', 'shop'],
  ] as const)(
    'the usage identifier is the claim %s if that is configured',
    async (usageIdentifierClaim, value) => {
      for (const event of [restEvent(), http1Event()]) {
        const { answer } = arrange(allow, { usageIdentifierClaim });

        expect(await answer(event)).toHaveProperty('usageIdentifierKey', value);
      }
    },
  );

  it.each(['sub', 'client_id'] as const)(
    'the usage identifier is absent if the claim %s is absent or empty',
    async (usageIdentifierClaim) => {
      for (const value of [undefined, '']) {
        const some = facts({ [usageIdentifierClaim === 'sub' ? 'sub' : 'clientId']: value });
        const { answer } = arrange(() => allow(some), { usageIdentifierClaim });

        expect(await answer(restEvent())).not.toHaveProperty('usageIdentifierKey');
      }
    },
  );

  it('the usage identifier is absent if no claim is configured, and in simple responses', async () => {
    const configured = arrange(allow, { usageIdentifierClaim: 'sub' });

    expect(await arrange(allow).answer(restEvent())).not.toHaveProperty('usageIdentifierKey');
    expect(await configured.answer(http2Event())).not.toHaveProperty('usageIdentifierKey');
  });
});

it('an event that is not one of a REQUEST authorizer is logged as a fault, without a request id', async () => {
  const { asked, told, failure } = arrange(allow);

  const error = await failure({ type: 'TOKEN', methodArn: ARN } as unknown as AuthorizerEvent);

  expect(error).toEqual(faultWith('event_invalid'));
  expect(asked).toEqual([]);
  expect(told).toEqual([['logFault', { context: CONTEXT, apiRequestId: '' }, error]]);
});

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('the trace context of a client', () => {
  const headers = { Authorization: 'Bearer opaque', traceparent: TRACEPARENT };
  const event = restEvent({ headers });
  const uncached = (some: Partial<ApiRules>) => ({
    scopeRules: new Map([['abcdef123', { ...apiRules({ '*': [[]] }), ...some }]]),
  });
  const tools = new Map([['*', { tools: new Map([['*', [['a']]]]) }]]);

  it('the trace context of a client is logged with the decision', async () => {
    const { told, answer } = arrange(allow);

    await answer(event);

    expect(told).toEqual([
      [
        'logDecision',
        expect.objectContaining({ traceparent: TRACEPARENT }),
        expect.anything(),
        'introspection',
      ],
    ]);
  });

  it.each<[string, Partial<Config>]>([
    ['of an API without result cache', uncached({ uncached: true })],
    ['of a route with tools', uncached({ conditions: tools })],
    ['whose token can be bound', { token: { ...CONFIG.token, senderConstraint: 'accept' } }],
  ])('the trace context of a client is in the context of a result %s', async (_, config) => {
    for (const decide of [allow, () => forbidden]) {
      expect(await arrange(decide, config).answer(event)).toMatchObject({
        context: { traceparent: TRACEPARENT },
      });
    }
  });

  it('the trace context of a client is not in the context of a result that can be cached', async () => {
    const result = (await arrange(allow).answer(event)) as { context?: object };

    expect(result.context).not.toHaveProperty('traceparent');
  });

  it('the trace context of a client is left out of a result that it would make too large', async () => {
    const config = uncached({ uncached: true });
    const { answer } = arrange(() => allow(facts({}, '')), config);
    const room =
      MAX_RESULT_BYTES - Buffer.byteLength(JSON.stringify(await answer(restEvent()))) - 10;

    const result = await arrange(() => allow(facts({}, 'x'.repeat(room))), config).answer(event);

    expect(result).not.toHaveProperty('context.traceparent');
  });
});

describe('conditions of a route', () => {
  const conditions = new Map([
    [
      'GET /orders/{id}',
      { tools: new Map([['get_weather', [['weather']]]]), audience: ['https://mcp.example.com'] },
    ],
  ]);
  const scopeRules = new Map([
    ['abcdef123', { ...apiRules({ 'GET /orders/{id}': [['mcp']] }, ['api']), conditions }],
  ]);
  const requirementsFor = async (headers: Record<string, string>) => {
    const { asked, answer } = arrange(allow, { scopeRules });
    await answer(http2Event({ headers: { authorization: 'Bearer opaque', ...headers } }));
    return asked[0]?.requirements;
  };
  const call = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'get_weather',
  };

  it('conditions of a route replace the audience of the API, and add the scopes of the tool', async () => {
    expect(await requirementsFor(call)).toEqual({
      ...CONFIG.token,
      audience: ['https://mcp.example.com'],
      scopes: [['mcp', 'weather']],
    });
  });

  it('conditions of a route refuse a request whose headers were repeated and joined', async () => {
    expect(await requirementsFor({ ...call, 'mcp-name': 'get_weather,get_weather' })).toMatchObject(
      { scopes: [['mcp']], refusal: { reason: 'mcp_header_invalid' } },
    );
  });
});
