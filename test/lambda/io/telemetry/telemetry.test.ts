import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { Fault } from '../../../../lambda/core/errors';
import { createTelemetry, type LoggedRequest } from '../../../../lambda/io/telemetry/telemetry';
import { captureOutput } from '../../../support/output';
import { facts, jws, NOW } from '../../../support/tokens';

const JWT = jws({ sub: 'alice' });
const FACTS = facts({}, JWT);
const ALLOW = { outcome: 'allow', facts: FACTS } as const;
const DENY = { outcome: 'unauthorized', reason: 'token_inactive' } as const;

const request = (id: string): LoggedRequest => ({
  context: { awsRequestId: `function-${id}` } as Context,
  apiRequestId: `api-${id}`,
});
const REQUEST = request('request');
const IDS = {
  function_request_id: 'function-request',
  api_request_id: 'api-request',
  function_name: 'authorizer',
};

let output: ReturnType<typeof captureOutput>;
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());

const clock = { now: NOW };
beforeEach(() => {
  clock.now = NOW;
});
const create = () =>
  createTelemetry({ logger: new Logger(), functionName: 'authorizer', now: () => clock.now });

/** Returns the values that CloudWatch takes from the lines, each with its dimensions. */
function metrics() {
  type Directive = {
    Namespace: string;
    Dimensions: string[][];
    Metrics: { Name: string; Unit: string }[];
  };
  return output.lines().flatMap((line) => {
    const { CloudWatchMetrics = [] } = (line['_aws'] ?? {}) as { CloudWatchMetrics?: Directive[] };
    return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.flatMap(({ Name, Unit }) =>
        Dimensions.map((names) => ({
          metric: `${Namespace}/${Name}`,
          unit: Unit,
          value: line[Name],
          dimensions: names.map((name) => `${name}=${line[name]}`).join(' '),
        })),
      ),
    );
  });
}
const valuesOf = (name: string) =>
  metrics()
    .filter(({ metric }) => metric === `PhantomTokenAuthorizer/${name}`)
    .map(({ value, dimensions }) => [dimensions, value]);

describe('log lines', () => {
  it('the log has a line for an allowance that did work, and none for a memory hit', () => {
    const telemetry = create();
    telemetry.logDecision(REQUEST, ALLOW, 'memory');
    telemetry.logDecision(REQUEST, ALLOW, 'token_cache');
    telemetry.logDecision(REQUEST, ALLOW, 'introspection');

    expect(output.lines()).toMatchObject([
      { ...IDS, level: 'INFO', outcome: 'allow', source: 'token_cache', sub: 'alice' },
      { ...IDS, level: 'INFO', outcome: 'allow', source: 'introspection', client_id: 'shop' },
    ]);
    expect(output.text()).not.toContain(JWT);
  });

  it('the log line of a denial states its reason', () => {
    const telemetry = create();
    telemetry.logDecision(REQUEST, DENY, 'memory');
    telemetry.logDecision(
      REQUEST,
      { outcome: 'forbidden', reason: 'insufficient_scope', facts: FACTS, requiredScopes: [] },
      'memory',
    );

    expect(output.lines()).toMatchObject([
      { ...IDS, outcome: 'unauthorized', reason: 'token_inactive', source: 'memory' },
      { ...IDS, outcome: 'forbidden', reason: 'insufficient_scope', sub: 'alice' },
    ]);
    expect(output.lines()[0]).not.toHaveProperty('sub');
  });

  it('log lines leave out a subject or client that is absent', () => {
    const anonymous = facts({ sub: undefined, clientId: undefined });
    create().logDecision(REQUEST, { outcome: 'allow', facts: anonymous }, 'introspection');

    expect(output.lines()[0]).not.toHaveProperty('sub');
    expect(output.lines()[0]).not.toHaveProperty('client_id');
  });

  it('the log line of a fault bounds its cause and makes it printable', () => {
    const cause = new Error(`\x1b[31m${'DNS:example.com, '.repeat(1000)}`);
    create().logFault(REQUEST, new Fault('introspection_unreachable', 'it broke off', { cause }));

    expect(output.lines()[0]?.['cause']).toMatch(/^Error: \\u001b\[31mDNS:[\x20-\x7e]{400,500}$/);
  });

  it('the log line of a fault states code, advice and cause, and nothing else of the cause', () => {
    const cause = Object.assign(new Error('read ECONNRESET'), {
      config: { headers: { authorization: 'Basic c2VjcmV0' } },
      rawPacket: JWT,
    });
    create().logFault(
      REQUEST,
      new Fault('introspection_unreachable', 'the request failed', { cause }),
    );

    expect(output.lines()).toMatchObject([
      {
        ...IDS,
        level: 'ERROR',
        message: 'introspection_unreachable: the request failed',
        code: 'introspection_unreachable',
        advice: expect.stringMatching(/\.$/),
        cause: 'Error: read ECONNRESET',
      },
    ]);
    expect(output.text()).not.toMatch(/c2VjcmV0|rawPacket|eyJ/);
  });

  it.each([
    ['an error of ours', new TypeError('x is undefined'), 'TypeError: x is undefined'],
    ['a value that is not an error', 'oops', undefined],
  ])('the log line of %s states an internal error', (_, error, cause) => {
    create().logFault(REQUEST, error);

    expect(output.lines()).toMatchObject([{ level: 'ERROR', code: 'internal_error' }]);
    expect(output.lines()[0]?.['cause']).toBe(cause);
  });

  it('the log line of a fault states the status of the response, if there was one', () => {
    const telemetry = create();
    telemetry.logFault(REQUEST, new Fault('introspection_unavailable', 'x', { status: 503 }));
    telemetry.logFault(REQUEST, new Fault('introspection_timed_out', 'x'));

    expect(output.lines()[0]).toMatchObject({ code: 'introspection_unavailable', status: 503 });
    expect(output.lines()[1]).not.toHaveProperty('status');
  });

  it('the log states why an environment cannot start', () => {
    create().logStartFailure(new Fault('configuration_invalid', 'x must be y'));

    expect(output.lines()).toMatchObject([{ level: 'ERROR', code: 'configuration_invalid' }]);
    expect(valuesOf('Faults')).toEqual([
      ['function_name=authorizer', 1],
      ['function_name=authorizer code=configuration_invalid', 1],
    ]);
  });

  it('log lines name the authorization server after it is known', () => {
    const telemetry = create();
    telemetry.logHint('before');
    telemetry.configure({ introspectionHost: 'login.example.com:8443', logIdentities: true });
    telemetry.logFault(REQUEST, new Fault('introspection_unreachable', 'x'));
    telemetry.logDecision(REQUEST, ALLOW, 'introspection');

    const hosts = output.lines().map((line) => line['introspection_host']);
    expect(hosts).toEqual([undefined, 'login.example.com:8443', 'login.example.com:8443']);
  });

  it('log lines leave out the caller if identities are not wanted', () => {
    const telemetry = create();
    telemetry.configure({ introspectionHost: 'login.example.com', logIdentities: false });
    telemetry.logDecision(REQUEST, ALLOW, 'introspection');
    telemetry.logDecision(
      REQUEST,
      { outcome: 'forbidden', reason: 'insufficient_scope', facts: FACTS, requiredScopes: [] },
      'memory',
    );

    expect(output.lines()).toMatchObject([{ outcome: 'allow' }, { reason: 'insufficient_scope' }]);
    expect(output.text()).not.toMatch(/alice|shop|"sub"|"client_id"/);
  });

  it('the log line of a failed check names both sides', () => {
    const telemetry = create();
    const time = { expected: 'later than 5', received: '4', identifying: false };
    const scope = { expected: 'write', received: 'read', identifying: true };
    telemetry.logDecision(
      REQUEST,
      { outcome: 'unauthorized', reason: 'token_expired', comparison: time },
      'memory',
    );
    telemetry.logDecision(
      REQUEST,
      {
        outcome: 'forbidden',
        reason: 'insufficient_scope',
        comparison: scope,
        facts: FACTS,
        requiredScopes: [],
      },
      'memory',
    );
    telemetry.logDecision(REQUEST, DENY, 'memory');

    expect(output.lines()).toMatchObject([
      { reason: 'token_expired', expected: 'later than 5', received: '4' },
      { reason: 'insufficient_scope', expected: 'write', received: 'read' },
      { reason: 'token_inactive' },
    ]);
    expect(output.lines()[2]).not.toHaveProperty('expected');
    expect(output.lines()[2]).not.toHaveProperty('received');
  });

  it('log lines leave out received audiences and scopes if identities are not wanted', () => {
    const telemetry = create();
    telemetry.configure({ introspectionHost: 'login.example.com', logIdentities: false });
    for (const identifying of [true, false]) {
      const comparison = { expected: 'api', received: 'shop', identifying };
      telemetry.logDecision(
        REQUEST,
        { outcome: 'unauthorized', reason: 'audience_mismatch', comparison },
        'memory',
      );
    }

    expect(output.lines()).toMatchObject([{ expected: 'api' }, { received: 'shop' }]);
    expect(output.lines()[0]).not.toHaveProperty('received');
  });

  it('a hint is a warning in the log', () => {
    create().logHint('Everything is inactive.');

    expect(output.lines()).toMatchObject([{ level: 'WARN', message: 'Everything is inactive.' }]);
  });

  it('log lines name their request, if an environment serves several at once', () => {
    const telemetry = create();
    telemetry.logDecision(request('one'), DENY, 'introspection');
    telemetry.logFault(request('two'), new Fault('introspection_timed_out', 'x'));
    telemetry.logDecision(request('one'), DENY, 'introspection');

    expect(output.lines().map((line) => line['api_request_id'])).toEqual([
      'api-one',
      'api-two',
      'api-one',
    ]);
  });
});

describe('lines of a request', () => {
  it('log lines name request, method and route, also of a request that fails on the way', async () => {
    const telemetry = create();
    const logged = { ...REQUEST, method: 'GET', route: '/orders/{id}' };
    await telemetry.during(logged, async () => {
      await Promise.resolve();
      telemetry.logTokenCacheFault('read', new Error('slow down'));
      telemetry.logSecretReadFailure(new Fault('credentials_unavailable', 'x'));
      telemetry.logHint('Everything is inactive.');
      telemetry.logDecision(logged, ALLOW, 'introspection');
    });

    expect(output.lines()).toHaveLength(4);
    for (const line of output.lines()) {
      expect(line).toMatchObject({
        api_request_id: 'api-request',
        function_request_id: 'function-request',
        method: 'GET',
        route: '/orders/{id}',
      });
    }
  });

  it('log lines name their own request if several run at once', async () => {
    const telemetry = create();
    const fail = (id: string) =>
      telemetry.during(request(id), async () => {
        await Promise.resolve();
        telemetry.logHint(id);
      });
    await Promise.all([fail('one'), fail('two')]);

    expect(output.lines()).toMatchObject([
      { message: 'one', api_request_id: 'api-one' },
      { message: 'two', api_request_id: 'api-two' },
    ]);
  });
});

describe('a secret that cannot be read while its credentials are in use', () => {
  it('a secret that cannot be read while its credentials are in use is logged once in a burst with the cause, and counted every time', () => {
    const telemetry = create();
    const cause = Object.assign(new Error('no identity-based policy allows it'), {
      name: 'AccessDeniedException',
    });
    const fault = new Fault('credentials_unavailable', 'x', { cause });
    for (let i = 0; i < 3; i++) telemetry.logSecretReadFailure(fault);
    telemetry.logDecision(REQUEST, ALLOW, 'introspection');

    expect(output.lines()[0]).toMatchObject({
      level: 'WARN',
      message: 'secret_not_reread',
      reason: 'credentials_unavailable',
      advice: expect.stringMatching(/\.$/),
      cause: 'AccessDeniedException: no identity-based policy allows it',
    });
    expect(output.lines()).toHaveLength(2);
    expect(valuesOf('SecretReadFailures')).toEqual([['function_name=authorizer', 3]]);
  });
});

describe('the cause of a fault', () => {
  const causeOf = (cause: unknown) => {
    create().logFault(REQUEST, new Fault('introspection_unreachable', 'x', { cause }));
    return output.lines().at(-1)?.['cause'];
  };

  it('the cause of a fault names every address of a host that could not be reached', () => {
    const failed = (code: string, address: string) =>
      Object.assign(new Error(`connect ${code} ${address}`), { code });
    const errors = [failed('ECONNREFUSED', '10.0.0.1:443'), failed('EHOSTUNREACH', '10.0.0.2:443')];

    expect(causeOf(new AggregateError(errors))).toBe(
      'AggregateError: connect ECONNREFUSED 10.0.0.1:443; connect EHOSTUNREACH 10.0.0.2:443',
    );
  });

  it('the cause of a fault names the code of an error without a message', () => {
    expect(causeOf(Object.assign(new Error(), { code: 'ECONNRESET' }))).toBe('Error: ECONNRESET');
    expect(causeOf(Object.assign(new AggregateError([]), { code: 'ETIMEDOUT' }))).toBe(
      'AggregateError: ETIMEDOUT',
    );
  });

  it('the cause of a fault keeps the reason of a denied access, which AWS states last', () => {
    const reason =
      'because no identity-based policy allows the secretsmanager:GetSecretValue action';
    const message = `User: arn:aws:sts::123456789012:assumed-role/${'r'.repeat(600)} is not authorized ${reason}`;

    expect(causeOf(new Error(message))).toMatch(
      /^Error: User: arn.* \.\.\. .*GetSecretValue action$/,
    );
    expect(String(causeOf(new Error(message))).length).toBeLessThanOrEqual(510);
  });
});

describe('a token cache that fails', () => {
  it('a token cache that fails is logged once in a burst, with the number of failures in between', () => {
    const telemetry = create();
    telemetry.logTokenCacheFault('read', new Error('slow down'));
    for (let i = 0; i < 7; i++) telemetry.logTokenCacheFault('store', new Error('slow down'));
    clock.now += 59.999;
    telemetry.logTokenCacheFault('read', new Error('slow down'));
    clock.now += 0.001;
    telemetry.logTokenCacheFault('acquire', new Error('still'));
    clock.now += 60;
    telemetry.logTokenCacheFault('read', undefined);

    expect(output.lines()).toMatchObject([
      {
        level: 'WARN',
        message: 'token_cache_failed',
        operation: 'read',
        cause: 'Error: slow down',
      },
      { operation: 'acquire', cause: 'Error: still', suppressed_count: 8 },
      { operation: 'read' },
    ]);
    expect(output.lines()[0]).not.toHaveProperty('suppressed_count');
    expect(output.lines()[2]).not.toHaveProperty('suppressed_count');
  });

  it('a token cache that fails is counted every time, with the next line', () => {
    const telemetry = create();
    for (let i = 0; i < 3; i++) telemetry.logTokenCacheFault('read', new Error('slow down'));
    telemetry.logDecision(REQUEST, ALLOW, 'introspection');
    telemetry.logDecision(REQUEST, ALLOW, 'introspection');

    expect(valuesOf('TokenCacheFaults')).toEqual([['function_name=authorizer', 3]]);
  });
});

describe('metrics', () => {
  it('metrics count decisions by outcome and by source', () => {
    create().logDecision(REQUEST, DENY, 'token_cache');

    expect(valuesOf('Decisions')).toEqual([
      ['function_name=authorizer', 1],
      ['function_name=authorizer outcome=unauthorized', 1],
      ['function_name=authorizer source=token_cache', 1],
    ]);
  });

  it('metrics count faults by code, internal errors included', () => {
    const telemetry = create();
    telemetry.logFault(REQUEST, new Fault('introspection_timed_out', 'x'));
    telemetry.logFault(REQUEST, new TypeError('x'));

    expect(valuesOf('Faults')).toEqual([
      ['function_name=authorizer', 1],
      ['function_name=authorizer code=introspection_timed_out', 1],
      ['function_name=authorizer', 1],
      ['function_name=authorizer code=internal_error', 1],
    ]);
  });

  it('metrics count faults of signing, and no others, also as faults of signing', () => {
    const telemetry = create();
    for (const code of [
      'signing_failed',
      'signing_keys_invalid',
      'signing_keys_unavailable',
      'signature_keys_unavailable',
    ] as const) {
      telemetry.logFault(REQUEST, new Fault(code, 'x'));
    }

    expect(valuesOf('SigningFaults')).toEqual(Array(3).fill(['function_name=authorizer', 1]));
  });

  it('metrics hold the age of the key that signs, in days, on a line of its own', () => {
    create().recordSigningKeyAge(1.5);

    expect(valuesOf('SigningKeyAgeDays')).toEqual([['function_name=authorizer', 1.5]]);
    expect(metrics().find(({ metric }) => metric.endsWith('Days'))?.unit).toBe('None');
  });

  it('metrics hold the latency of every introspection, in milliseconds, once', () => {
    const telemetry = create();
    telemetry.recordIntrospectionLatency(42);
    telemetry.recordIntrospectionLatency(7);
    telemetry.logDecision(REQUEST, ALLOW, 'introspection');
    telemetry.logDecision(REQUEST, ALLOW, 'introspection');

    expect(valuesOf('IntrospectionLatency')).toEqual([['function_name=authorizer', [42, 7]]]);
    expect(metrics().find(({ metric }) => metric.endsWith('Latency'))?.unit).toBe('Milliseconds');
  });

  it('metrics hold all values of a metric, on as many lines as they take', () => {
    const telemetry = create();
    for (let i = 0; i < 250; i++) telemetry.recordIntrospectionLatency(i);
    telemetry.logDecision(REQUEST, ALLOW, 'introspection');

    const lists = valuesOf('IntrospectionLatency').map(([, values]) => values as number[]);
    expect(lists.map((values) => values.length)).toEqual([100, 100, 50]);
    expect(lists.flat()).toEqual(Array.from({ length: 250 }, (_, index) => index));
    expect(valuesOf('Decisions')).toHaveLength(3);
  });

  it.each([
    ['WARN', 'WARN'],
    ['ERROR', 'ERROR'],
    ['CRITICAL', 'CRITICAL'],
  ] as const)(
    'metrics are complete at log level %s, on lines without the text',
    (logLevel, level) => {
      const logger = new Logger({ logLevel });
      const telemetry = createTelemetry({
        logger,
        functionName: 'authorizer',
        now: () => clock.now,
      });
      telemetry.recordIntrospectionLatency(42);
      telemetry.countTokenCacheOperation();
      telemetry.logDecision(REQUEST, DENY, 'introspection');

      expect(valuesOf('Decisions')).toEqual([
        ['function_name=authorizer', 1],
        ['function_name=authorizer outcome=unauthorized', 1],
        ['function_name=authorizer source=introspection', 1],
      ]);
      expect(valuesOf('IntrospectionLatency')).toEqual([['function_name=authorizer', [42]]]);
      expect(valuesOf('TokenCacheOperations')).toEqual([['function_name=authorizer', 1]]);
      expect(output.lines()).toMatchObject([{ level, message: 'metrics' }]);
      expect(output.lines()[0]).not.toHaveProperty('reason');
      expect(output.lines()[0]).not.toHaveProperty('api_request_id');
    },
  );

  it('metrics count the introspections that the open circuit did not send', () => {
    const telemetry = create();
    telemetry.countSkippedIntrospection();
    telemetry.countSkippedIntrospection();
    telemetry.logFault(REQUEST, new Fault('introspection_timed_out', 'x'));

    expect(valuesOf('IntrospectionsSkipped')).toEqual([['function_name=authorizer', 2]]);
    expect(valuesOf('IntrospectionLatency')).toEqual([]);
  });

  it('metrics count one cold start of an environment with several workers', () => {
    const options = { functionName: 'authorizer', now: () => clock.now };
    for (const countsColdStart of [true, false, false]) {
      const telemetry = createTelemetry({ ...options, logger: new Logger(), countsColdStart });
      telemetry.logDecision(REQUEST, ALLOW, 'introspection');
    }

    expect(valuesOf('ColdStarts')).toHaveLength(1);
  });

  it('metrics hold the age of the secret and the days until certificates expire', () => {
    const telemetry = create();
    telemetry.recordSecretAge(1.5);
    telemetry.recordExpiry('client_certificate', 12);
    telemetry.recordExpiry('ca_bundle', 400);

    expect(valuesOf('SecretAgeDays')).toEqual([['function_name=authorizer', 1.5]]);
    expect(valuesOf('DaysToExpiry')).toEqual([
      ['function_name=authorizer', 12],
      ['function_name=authorizer material=client_certificate', 12],
      ['function_name=authorizer', 400],
      ['function_name=authorizer material=ca_bundle', 400],
    ]);
    expect(output.lines().map(({ level }) => level)).toEqual(['INFO', 'WARN', 'INFO']);
  });

  it('metrics count the first request of an environment and rereads of the secret', () => {
    const telemetry = create();
    telemetry.countCredentialReread();
    telemetry.countCredentialReread();
    telemetry.logFault(REQUEST, new Fault('introspection_rejected_client', 'x'));
    telemetry.logDecision(REQUEST, ALLOW, 'introspection');

    expect(valuesOf('ColdStarts')).toEqual([['function_name=authorizer', 1]]);
    expect(valuesOf('CredentialRereads')).toEqual([['function_name=authorizer', 2]]);
  });

  it('metrics have the time of the line, in milliseconds', () => {
    clock.now = NOW + 0.25;
    create().logDecision(REQUEST, ALLOW, 'introspection');

    expect(output.lines()[0]).toMatchObject({ _aws: { Timestamp: NOW * 1000 + 250 } });
  });

  it('metrics are not emitted for a memory hit, but wait for the next line', () => {
    const telemetry = create();
    telemetry.logDecision(REQUEST, ALLOW, 'memory');
    expect(output.lines()).toEqual([]);

    telemetry.logDecision(REQUEST, DENY, 'request');
    expect(valuesOf('ColdStarts')).toHaveLength(1);
  });
});
