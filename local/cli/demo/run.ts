import { setTimeout as sleep } from 'node:timers/promises';
import { invocation } from '../../../terminal/invocation';
import { withProgress } from '../../../terminal/progress';
import { type ApplicationName, SHORT_LIFE_SECONDS } from '../../authorization-server/applications';
import { requestAccessToken } from '../../authorization-server/client';
import type { ServedRequest } from '../../requests/served-request';
import { type Sandbox, startSandbox } from '../../stack/sandbox';
import { type Expectation, mismatches, type Observation, originOf } from './observation';
import { printStep } from './print';

const ALLOWED = { status: 200, upstream: true } as const;
const DENIED = { status: 401, upstream: false } as const;

/** Runs the whole flow with real HTTP, step by step. Returns whether every step passed. */
export async function runDemo(mint: boolean): Promise<boolean> {
  console.log('Synthesizing the stack and starting it on this machine …');
  const records: ServedRequest[] = [];
  const logs: string[] = [];
  const sandbox = await withProgress('Synthesizing', () =>
    startSandbox({
      mint,
      log: (line) => logs.push(line),
      onRequest: (record) => records.push(record),
    }),
  );
  const tally = { passed: 0, failed: 0 };

  async function step(title: string, authorization: string | undefined, expected: Expectation) {
    const observed = await send(sandbox, () => records.at(-1), authorization);
    const faults = mismatches(expected, observed);
    const number = tally.passed + tally.failed + 1;
    printStep(number, title, observed, faults);
    tally[faults.length === 0 ? 'passed' : 'failed'] += 1;
  }

  try {
    printParties(sandbox);
    await walkThrough(sandbox, step);
  } finally {
    await sandbox.close();
  }
  if (tally.failed > 0) console.error(`\nLog:\n${logs.join('\n')}`);
  console.log(`\nNext: ${invocation('start')} keeps it running for you to call.`);
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0;
}

type Step = (
  title: string,
  authorization: string | undefined,
  expected: Expectation,
) => Promise<void>;

async function walkThrough({ authorizationServer, stack }: Sandbox, step: Step): Promise<void> {
  const bearer = async (application: ApplicationName, scope = 'read') => {
    const { tokenEndpoint, clients } = authorizationServer;
    return `Bearer ${await requestAccessToken(tokenEndpoint, clients[application], scope)}`;
  };
  const introspected = { origin: 'introspection', introspections: 1 } as const;
  const cachedInMemory = { origin: 'memory', introspections: 0 } as const;

  await step('No token', undefined, { ...DENIED, origin: 'gateway', introspections: 0 });
  await step('Not a bearer credential', 'Basic YTpi', {
    ...DENIED,
    origin: 'request',
    introspections: 0,
  });
  await step('A nonsense token', 'Bearer nonsense', { ...DENIED, ...introspected });

  const orders = await bearer('orders-app');
  await step('A real token, for the first time', orders, { ...ALLOWED, ...introspected });
  await step('The same token again', orders, {
    ...ALLOWED,
    origin: 'result cache',
    introspections: 0,
  });
  stack.flushAuthorizersCache();
  await step('… after the result cache ended', orders, { ...ALLOWED, ...cachedInMemory });
  stack.flushAuthorizersCache();
  stack.recycleEnvironments();
  await step('… in a fresh execution environment', orders, {
    ...ALLOWED,
    origin: 'token cache',
    introspections: 0,
  });

  const reports = await bearer('reports-app', 'reports');
  await step('A token without the scope "read"', reports, {
    status: 403,
    upstream: false,
    ...introspected,
  });

  const impatient = await bearer('impatient-app');
  await step(`A token that lives ${SHORT_LIFE_SECONDS} s`, impatient, {
    ...ALLOWED,
    ...introspected,
  });
  stack.flushAuthorizersCache();
  await sleep(SHORT_LIFE_SECONDS * 1000);
  await step('… after it expired', impatient, { ...DENIED, ...introspected });

  const fresh = await bearer('orders-app');
  await authorizationServer.stop();
  stack.flushAuthorizersCache();
  await step('The authorization server is down: a cached token', orders, {
    ...ALLOWED,
    ...cachedInMemory,
  });
  await step('… a token never seen before', fresh, {
    status: 503,
    upstream: false,
    origin: 'failure',
    introspections: 0,
  });
  await authorizationServer.start();
  // Environments share a fault for a second, so that they do not all call a server that is failing.
  await sleep(1000);
  await step('… the same token when the server is back', fresh, { ...ALLOWED, ...introspected });
}

/** Sends a request through the gateway and observes its effects. */
async function send(
  { authorizationServer, upstream, stack }: Sandbox,
  lastRecord: () => ServedRequest | undefined,
  authorization: string | undefined,
): Promise<Observation> {
  const read = () => ({
    introspections: authorizationServer.introspections(),
    calls: upstream.calls(),
  });
  const before = read();
  const started = performance.now();
  const response = await fetch(new URL('/orders/42', stack.url), {
    headers: authorization === undefined ? {} : { authorization },
  });
  await response.arrayBuffer();
  const durationMs = performance.now() - started;
  const after = read();
  const introspections = after.introspections - before.introspections;
  return {
    sent: authorization,
    status: response.status,
    challenge: response.headers.get('www-authenticate') ?? undefined,
    origin: originOf(lastRecord()),
    introspections,
    received:
      after.calls > before.calls ? upstream.lastRequest()?.headers.authorization : undefined,
    durationMs,
  };
}

function printParties({ authorizationServer, upstream, stack, keySet }: Sandbox): void {
  console.log(`
  client ──▶ API Gateway (local) ──▶ upstream API
                 │ authorizer: the bundle that is deployed
                 ▼
             authorization server

  API Gateway           ${stack.url.origin}
  authorization server  ${authorizationServer.issuer}
  upstream API          ${upstream.url.origin}`);
  if (keySet) console.log(`  keys of minted tokens ${keySet.href}`);
}
