import '../../support/errors-of-node';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { Fault } from '../../../lambda/core/errors';
import { createTelemetry } from '../../../lambda/io/telemetry';
import { captureOutput } from '../../support/output';
import { facts, jws } from '../../support/tokens';

const JWT = jws({ sub: 'alice' });
const FACTS = facts({}, JWT);

let output: ReturnType<typeof captureOutput>;
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());

function create() {
  const telemetry = createTelemetry(new Logger());
  telemetry.begin({ awsRequestId: 'function-request' } as Context, 'api-request');
  return telemetry;
}
const IDS = { function_request_id: 'function-request', api_request_id: 'api-request' };

describe('createTelemetry', () => {
  it('writes a line for an allowance that did work, and none for a memory hit', () => {
    const telemetry = create();
    telemetry.decided({ outcome: 'allow', facts: FACTS }, 'memory');
    telemetry.decided({ outcome: 'allow', facts: FACTS }, 'token_cache');
    telemetry.decided({ outcome: 'allow', facts: FACTS }, 'introspection');

    expect(output.lines()).toMatchObject([
      { ...IDS, level: 'INFO', outcome: 'allow', source: 'token_cache', sub: 'alice' },
      { ...IDS, level: 'INFO', outcome: 'allow', source: 'introspection', client_id: 'shop' },
    ]);
    expect(output.text()).not.toContain(JWT);
  });

  it('writes a line with the reason for every denial', () => {
    const telemetry = create();
    telemetry.decided({ outcome: 'unauthorized', reason: 'token_inactive' }, 'memory');
    telemetry.decided(
      { outcome: 'forbidden', reason: 'insufficient_scope', facts: FACTS },
      'memory',
    );

    expect(output.lines()).toMatchObject([
      { ...IDS, outcome: 'unauthorized', reason: 'token_inactive', source: 'memory' },
      { ...IDS, outcome: 'forbidden', reason: 'insufficient_scope', sub: 'alice' },
    ]);
    expect(output.lines()[0]).not.toHaveProperty('sub');
  });

  it('leaves out a subject or client that is absent', () => {
    const anonymous = facts({ sub: undefined, clientId: undefined });
    create().decided({ outcome: 'allow', facts: anonymous }, 'introspection');

    expect(output.lines()[0]).not.toHaveProperty('sub');
    expect(output.lines()[0]).not.toHaveProperty('client_id');
  });

  it('writes code, advice and cause of a fault, and nothing else of the cause', () => {
    const cause = Object.assign(new Error('read ECONNRESET'), {
      config: { headers: { authorization: 'Basic c2VjcmV0' } },
      rawPacket: JWT,
    });
    create().failed(new Fault('introspection_unreachable', 'it broke off', { cause }));

    expect(output.lines()).toMatchObject([
      {
        ...IDS,
        level: 'ERROR',
        message: 'introspection_unreachable: it broke off',
        code: 'introspection_unreachable',
        advice: expect.stringMatching(/\.$/),
        cause: 'Error: read ECONNRESET',
      },
    ]);
    expect(output.text()).not.toMatch(/c2VjcmV0|rawPacket|eyJ/);
  });

  it.each([
    ['an error of ours', new TypeError('x is undefined'), 'TypeError: x is undefined'],
    ['what is no error', 'oops', undefined],
  ])('calls %s an internal error', (_, error, cause) => {
    create().failed(error);

    expect(output.lines()).toMatchObject([{ level: 'ERROR', code: 'internal_error' }]);
    expect(output.lines()[0]?.['cause']).toBe(cause);
  });

  it('warns of a token cache that failed', () => {
    create().tokenCacheFailed('put', new Error('slow down'));

    expect(output.lines()).toMatchObject([
      {
        ...IDS,
        level: 'WARN',
        message: 'token_cache_failed',
        operation: 'put',
        cause: 'Error: slow down',
      },
    ]);
  });

  it('writes the status of the answer that was a fault, where there was one', () => {
    const telemetry = create();
    telemetry.failed(new Fault('introspection_unavailable', 'x', { status: 503 }));
    telemetry.failed(new Fault('introspection_timed_out', 'x'));

    expect(output.lines()[0]).toMatchObject({ code: 'introspection_unavailable', status: 503 });
    expect(output.lines()[1]).not.toHaveProperty('status');
  });

  it('names the authorization server on every line after it is known', () => {
    const telemetry = create();
    telemetry.tokenCacheFailed('get', undefined);
    telemetry.identify('login.example.com:8443');
    telemetry.failed(new Fault('introspection_unreachable', 'x'));
    telemetry.begin({ awsRequestId: 'second' } as Context, 'api-second');
    telemetry.decided({ outcome: 'allow', facts: FACTS }, 'introspection');

    const hosts = output.lines().map((line) => line['introspection_host']);
    expect(hosts).toEqual([undefined, 'login.example.com:8443', 'login.example.com:8443']);
  });

  it('warns with a hint', () => {
    create().hint('Everything is inactive.');

    expect(output.lines()).toMatchObject([
      { ...IDS, level: 'WARN', message: 'Everything is inactive.' },
    ]);
  });

  it('names the request of each invocation, not of the one before', () => {
    const telemetry = create();
    telemetry.begin({ awsRequestId: 'second' } as Context, 'api-second');
    telemetry.tokenCacheFailed('get', undefined);

    expect(output.lines()).toMatchObject([
      { function_request_id: 'second', api_request_id: 'api-second' },
    ]);
  });
});
