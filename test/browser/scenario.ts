import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DecisionSource } from '../../local/requests/served-request';
import type { InspectedSandbox } from './inspected-sandbox';
import type { InspectorPage, ShownRequest } from './inspector-page';
import type { Report } from './report';

interface Scenario extends InspectedSandbox {
  readonly inspector: InspectorPage;
  readonly report: Report;
}

/** Maximum number of attempts, and pause between two. Faults are shared for a second, and secrets kept for five. */
const MAX_ATTEMPTS = 40;
const PAUSE_MS = 500;

/** Texts of the page for the sources of decisions. */
const SOURCES: Readonly<Record<DecisionSource, string>> = {
  result_cache: 'result cache',
  memory: 'memory cache',
  token_cache: 'token cache',
  introspection: 'introspection',
  request: 'the request alone',
};

/** Drives every button and compares the effect that the page shows with what the gateway did. */
export async function runScenario(scenario: Scenario): Promise<void> {
  const { inspector, report, sandbox, requests } = scenario;
  const { authorizationServer, upstream, stack } = sandbox;

  const counts = () => ({
    introspections: authorizationServer.introspections(),
    tableReads: stack.dynamoDbOperations()['GetItem'] ?? 0,
    upstreamCalls: upstream.calls(),
  });

  /** Sends a request and checks that page and gateway agree. Returns the changes of the counts, too. */
  async function compare(name: string) {
    const before = counts();
    const shown = await inspector.send(name);
    const after = counts();
    const served = requests.at(-1);
    assert.equal(shown.id, served?.requestId, 'the page shows the latest request of the gateway');
    assert.equal(shown.status, served?.status, 'status of the gateway');
    if (served?.source) assert.equal(shown.source, SOURCES[served.source], 'source of the gateway');
    const forwarded = upstream.lastRequest()?.headers.authorization?.replace('Bearer ', '');
    const calls = after.upstreamCalls - before.upstreamCalls;
    if (calls > 0) assert.equal(shown.jwt, forwarded, 'JWT that the upstream received');
    return {
      shown,
      calls,
      introspections: after.introspections - before.introspections,
      tableReads: after.tableReads - before.tableReads,
    };
  }

  /** Sends a request as {@link compare}, and checks what the page shows. */
  async function send(name: string, status: number, source: string) {
    const compared = await compare(name);
    assert.deepEqual([compared.shown.status, compared.shown.source], [status, source]);
    return compared;
  }

  /** Sends a request until the authorizer uses the authorization server or the secret again. */
  async function sendUntilAllowed(): Promise<ShownRequest> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const shown = await inspector.send();
      if (shown.status === 200) return shown;
      await sleep(PAUSE_MS);
    }
    throw new Error(`no request was allowed in ${MAX_ATTEMPTS} attempts`);
  }

  const emptyResultCache = () => inspector.act('Empty', 'Result cache', /Emptied the result cache/);
  const emptyMemoryCache = () => inspector.act('Empty', 'Memory cache', /Ended \d+ execution/);
  const emptyTokenCache = () => inspector.act('Empty', 'Token cache', /Deleted \d+ items?/);
  const has = ({ steps }: ShownRequest, ...names: string[]) =>
    assert.deepEqual(
      names.filter((name) => !steps.includes(name)),
      [],
      `steps: ${steps.join(', ')}`,
    );

  await report.check('a token, sent for the first time, is introspected', async () => {
    const token = await inspector.getToken();
    const { shown, introspections, calls } = await send('Send', 200, 'introspection');
    assert.deepEqual([introspections, calls], [1, 1]);
    assert.equal(shown.clientToken, token);
    has(shown, 'result-cache', 'memory-cache', 'table-no-result', 'introspection', 'upstream');
  });

  await report.check('the same request again is served by the result cache', async () => {
    const { shown, introspections, calls } = await send('Again', 200, 'result cache');
    assert.deepEqual([introspections, calls], [0, 1]);
    assert.equal(shown.steps.includes('invoke'), false);
  });

  await report.check('without the result cache, memory serves it', async () => {
    await emptyResultCache();
    assert.equal(stack.cachedResults(), 0);
    const { introspections, tableReads } = await send('Again', 200, 'memory cache');
    assert.deepEqual([introspections, tableReads], [0, 0]);
  });

  await report.check('without memory, the token cache serves it', async () => {
    // On a loaded machine the first read of an environment can exceed its timeout, which counts as a miss.
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      await emptyResultCache();
      await emptyMemoryCache();
      const { shown, introspections, tableReads } = await compare('Again');
      if (shown.source === 'introspection') continue;
      assert.equal(shown.source, 'token cache');
      assert.equal(introspections, 0);
      assert.ok(tableReads >= 1);
      return has(shown, 'table-result');
    }
    throw new Error(`no read of the token cache in ${MAX_ATTEMPTS} attempts`);
  });

  await report.check('without any cache, it is introspected', async () => {
    await emptyResultCache();
    await emptyMemoryCache();
    await emptyTokenCache();
    assert.equal(await stack.tables.countItems(), 0);
    const { introspections } = await send('Again', 200, 'introspection');
    assert.equal(introspections, 1);
  });

  await report.check('without a token, API Gateway itself responds 401', async () => {
    const { shown, introspections, calls } = await send('Without token', 401, 'API Gateway');
    assert.deepEqual([introspections, calls], [0, 0]);
    assert.equal(shown.steps.includes('invoke'), false);
  });

  await report.check(
    'without the scope, the check of the scope fails with both values',
    async () => {
      const { calls } = await send('Without scope', 403, 'introspection');
      assert.equal(calls, 0);
      assert.deepEqual(await inspector.check('scope'), ['failed', 'reports', 'read']);
      assert.equal((await inspector.check('audience'))[0], 'passed');
    },
  );

  await report.check(
    'after a rotation, the former secret is rejected and the new one read',
    async () => {
      await inspector.act(
        'Rotate secret',
        'Authorization server',
        /Rotated the introspection client/,
      );
      await inspector.getToken();
      const shown = await sendUntilAllowed();
      has(shown, 'secret');
      assert.equal(shown.steps.filter((step) => step === 'introspection').length, 2);
    },
  );

  await report.check('with the table failing, tokens are introspected', async () => {
    await inspector.act('Fail', 'Token cache', /DynamoDB responds 500/);
    await inspector.getToken();
    const { shown, introspections } = await send('Send', 200, 'introspection');
    assert.equal(introspections, 1);
    has(shown, 'table-failed');
    await inspector.act('Restore', 'Token cache', /DynamoDB works again/);
    assert.equal(stack.tables.outage.active, false);
  });

  await report.check('with the authorization server stopped, a new token gets 503', async () => {
    await inspector.getToken();
    await inspector.act('Stop', 'Authorization server', /Stopped/);
    assert.equal(authorizationServer.running(), false);
    const { introspections, calls } = await send('Send', 503, 'introspection_unreachable');
    assert.deepEqual([introspections, calls], [0, 0]);
    await inspector.act('Start', 'Authorization server', /Started/);
    assert.equal(authorizationServer.running(), true);
    await sendUntilAllowed();
  });

  await report.check('a revoked token passes by a cache and is then denied', async () => {
    await inspector.getToken();
    await send('Send', 200, 'introspection');
    await inspector.act('Revoke token', undefined, /Revoked a token of orders-app/);
    await send('Send', 200, 'result cache');
    await emptyResultCache();
    await emptyMemoryCache();
    await emptyTokenCache();
    const { calls } = await send('Send', 401, 'introspection');
    assert.equal(calls, 0);
    assert.equal((await inspector.check('active'))[0], 'failed');
  });
}

/** Drives what only a gateway that mints has. */
export async function runMintingScenario({ inspector, report }: Scenario): Promise<void> {
  const keyId = ({ jwt = '' }: ShownRequest) =>
    JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString('utf8')).kid as string;

  await report.check('after the signing keys were replaced, another key signs', async () => {
    await inspector.getToken();
    const before = await inspector.send();
    assert.equal(before.status, 200);
    await inspector.act(
      'Replace signing keys',
      'Authorization server',
      /Replaced the signing keys/,
    );
    await inspector.act('Empty', 'Memory cache', /Ended/);
    await inspector.getToken();
    const after = await inspector.send();
    assert.equal(after.status, 200);
    assert.notEqual(keyId(after), keyId(before));
  });
}
