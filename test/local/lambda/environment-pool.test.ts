import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EnvironmentPool, type ObservedInvocation } from '../../../local/lambda/environment-pool';
import { type FunctionDefinition, readFunction } from '../../../local/lambda/function';
import { until } from '../../support/until';

/** Handler with a case for each behavior, which the event selects. */
const source = `
let count = 0;
exports.handler = async (event, context) => {
  count += 1;
  console.log('handling ' + event.name);
  switch (event.do) {
    case 'environment': return { ...process.env };
    case 'context': return { ...context, remaining: context.getRemainingTimeInMillis(), cwd: process.cwd() };
    case 'throw': throw Object.assign(new Error(event.message), { name: event.type });
    case 'throw text': throw 'only text';
    case 'exit': process.exit(event.status);
    case 'print': console.error('error ' + event.name); process.stdout.write('end of ' + event.name); break;
    case 'mute': process.stdout.write = () => true; break;
    case 'hang': return new Promise(() => {});
    case 'spin': for (;;);
    case 'linger': setInterval(() => {}, 1000); break;
    case 'nothing': return undefined;
    case 'circular': { const self = {}; self.self = self; return self; }
    case 'wait': while (!require('node:fs').existsSync(event.file)) await new Promise((r) => setTimeout(r, 5));
  }
  return { pid: process.pid, count, execArgv: process.execArgv };
};
exports.callback = (event, context, callback) => callback(null, 'late');
exports.text = 'not a function';
`;

let directory: string;
/** Pool of the test file, with at most one environment. */
let shared: EnvironmentPool;
/** Pool of the test. */
let pool: EnvironmentPool | undefined;
let lines: string[] = [];
const invocations: ObservedInvocation[] = [];

const define = (properties: object = {}, assetDirectory = directory): FunctionDefinition =>
  readFunction(
    {
      logicalId: 'Fn',
      type: 'AWS::Lambda::Function',
      properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', ...properties },
    },
    'arn:aws:lambda:eu-central-1:123456789012:function:authorizer',
    assetDirectory,
  );

const log = (line: string) => void lines.push(line);

const startPool = (definition = define(), maxEnvironments?: number) => {
  pool = new EnvironmentPool(definition, { log, ...(maxEnvironments && { maxEnvironments }) });
  return pool;
};

/** Settles when the function has printed the line. */
const printed = (line: string) => until(() => lines.includes(line));

/** Settles when no process has the id any more. */
const gone = (pid: number) =>
  until(() => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  });

const open = (file: string) => writeFileSync(join(directory, file), '');
const wait = (name: string) => ({ do: 'wait', name, file: join(directory, name) });
const pidOf = (result: unknown) => (result as { payload: { pid: number } }).payload.pid;
const countOf = (result: unknown) => (result as { payload: { count: number } }).payload.count;

beforeAll(() => {
  process.env['PARENT_SECRET'] = 'not for functions';
  directory = mkdtempSync(join(tmpdir(), 'asset-'));
  writeFileSync(join(directory, 'index.js'), source);
  writeFileSync(
    join(directory, 'module.mjs'),
    "export const handler = async () => 'from a module';",
  );
  writeFileSync(join(directory, 'broken.js'), "throw new TypeError('no such configuration');");
  const Environment = { Variables: { NAME: 'value' } };
  shared = new EnvironmentPool(define({ Timeout: 7, MemorySize: 256, Environment }), {
    maxEnvironments: 1,
    log,
    onInvocation: (invocation) => invocations.push(invocation),
  });
});
beforeEach(() => {
  lines = [];
  invocations.length = 0;
});
afterEach(async () => {
  await pool?.close();
  pool = undefined;
});
afterAll(async () => {
  delete process.env['PARENT_SECRET'];
  await shared.close();
  rmSync(directory, { recursive: true });
});

describe('an execution environment', () => {
  it('an idle environment is reused, as a process of plain node', async () => {
    const first = await shared.invoke({});
    const { started } = shared;
    const second = await shared.invoke({});

    const [pid, count] = [pidOf(first), countOf(first)];
    expect(first).toEqual({ payload: { pid: expect.any(Number), count, execArgv: [] } });
    expect(second).toEqual({ payload: { pid, count: count + 1, execArgv: [] } });
    expect(pid).not.toBe(process.pid);
    expect(shared.started).toBe(started);
  });

  it('an environment has the variables of the template and of Lambda, not those of its parent', async () => {
    const result = await shared.invoke({ do: 'environment' });

    expect(result).toMatchObject({
      payload: {
        NAME: 'value',
        AWS_REGION: 'eu-central-1',
        _HANDLER: 'index.handler',
        TZ: ':UTC',
        _X_AMZN_TRACE_ID: expect.stringMatching(
          /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
        ),
      },
    });
    expect(JSON.stringify(result)).not.toContain('not for functions');
  });

  it("the handler receives Lambda's context", async () => {
    const result = await shared.invoke({ do: 'context' });

    expect(result).toEqual({
      payload: {
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionName: 'authorizer',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:authorizer',
        memoryLimitInMB: '256',
        logGroupName: '/aws/lambda/authorizer',
        logStreamName: expect.any(String),
        callbackWaitsForEmptyEventLoop: true,
        remaining: expect.any(Number),
        cwd: directory,
      },
    });
    const { remaining } = (result as { payload: { remaining: number } }).payload;
    expect(remaining).toBeGreaterThan(5_000);
    expect(remaining).toBeLessThanOrEqual(7_000);
  });

  it('an environment loads an ES module', async () => {
    const pool = startPool(define({ Handler: 'module.handler' }));

    expect(await pool.invoke({})).toEqual({ payload: 'from a module' });
  });

  it('a handler that returns undefined results in null', async () => {
    expect(await shared.invoke({ do: 'nothing' })).toEqual({ payload: null });
  });

  it('the output of the function is logged line by line', async () => {
    await shared.invoke({ name: 'one' });
    await printed('handling one');

    expect(lines).toEqual(['handling one']);
  });
});

describe('a failing invocation', () => {
  it.each([
    [
      { do: 'throw', type: 'ConfigurationError', message: 'no endpoint' },
      { errorType: 'ConfigurationError', errorMessage: 'no endpoint' },
    ],
    [{ do: 'throw text' }, { errorType: 'string', errorMessage: 'only text' }],
    [
      { do: 'circular' },
      { errorType: 'TypeError', errorMessage: expect.stringContaining('circular') },
    ],
  ])('reports what %j throws and keeps the environment', async (event, error) => {
    const before = await shared.invoke({});

    expect(await shared.invoke(event)).toEqual({ error });

    expect(pidOf(await shared.invoke({}))).toBe(pidOf(before));
    expect(lines).toContainEqual(expect.stringMatching(/^ERROR Invoke Error \{"errorType":/));
  });

  it.each([
    [1, 'Runtime exited with error: exit status 1'],
    [0, 'Runtime exited without providing a reason'],
  ])(
    'reports that the process exited with %d, and starts another environment',
    async (status, message) => {
      await shared.invoke({});
      const { started } = shared;

      const result = await shared.invoke({ do: 'exit', status });
      const next = await shared.invoke({});

      expect(result).toEqual({
        error: {
          errorType: 'Runtime.ExitError',
          errorMessage: expect.stringMatching(
            new RegExp(`^RequestId: [0-9a-f-]{36} Error: ${message}$`),
          ),
        },
      });
      expect(next).toMatchObject({ payload: { count: 1 } });
      expect(shared.started).toBe(started + 1);
    },
  );

  it.each([
    ['absent.handler', 'Runtime.ImportModuleError', "Cannot find module 'absent'"],
    ['index.text', 'Runtime.HandlerNotFound', 'index.text is undefined or not exported'],
    ['index', 'Runtime.MalformedHandlerName', 'Bad handler: index'],
    ['index.callback', 'Runtime.CallbackHandlerDeprecated', expect.stringContaining('callback')],
  ])('reports that %s cannot be loaded', async (Handler, errorType, errorMessage) => {
    const pool = startPool(define({ Handler }));

    expect(await pool.invoke({})).toEqual({ error: { errorType, errorMessage } });
  });

  it.each([
    ['broken.handler', 'TypeError', 'no such configuration'],
    ['index.absent', 'Runtime.HandlerNotFound', 'index.absent is undefined or not exported'],
  ])(
    'loads %s again, and reports each time that it cannot be loaded',
    async (Handler, errorType, errorMessage) => {
      const pool = startPool(define({ Handler }));

      const results = [await pool.invoke({}), await pool.invoke({})];

      const error = { errorType, errorMessage };
      expect(results).toEqual([{ error }, { error }]);
      expect(pool.started).toBe(2);
    },
  );

  it('reports that the bundle is missing', async () => {
    const pool = startPool(define({}, join(directory, 'absent')));

    expect(await pool.invoke({})).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
  });

  it.each(['hang', 'spin'])('ends a handler that %ss exactly at its timeout', async (what) => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date'] });
    try {
      let result: unknown;
      const invoked = shared.invoke({ do: what, name: what }).then((settled) => {
        result = settled;
      });
      await printed(`handling ${what}`);

      await jest.advanceTimersByTimeAsync(6_999);
      expect(result).toBeUndefined();
      await jest.advanceTimersByTimeAsync(1);
      await invoked;

      expect(result).toEqual({
        error: {
          errorType: 'Sandbox.Timedout',
          errorMessage: expect.stringMatching(
            /^RequestId: [0-9a-f-]{36} Error: Task timed out after 7\.00 seconds$/,
          ),
        },
      });
      expect(await shared.invoke({})).toMatchObject({ payload: { count: 1 } });
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('a pool', () => {
  it('the log has every line of an event when the event has its result', async () => {
    for (let number = 0; number < 50; number += 1) {
      await shared.invoke({ do: 'print', name: number });

      expect(lines.splice(0).sort()).toEqual([
        `end of ${number}`,
        `error ${number}`,
        `handling ${number}`,
      ]);
    }
  });

  it('each environment calls AWS with an access key of its own, which invocations are reported with', async () => {
    const keyOf = (result: unknown) =>
      (result as { payload: Record<string, string> }).payload['AWS_ACCESS_KEY_ID'];
    const event = { do: 'environment', name: 'first' };

    shared.recycle();
    const first = keyOf(await shared.invoke(event));
    await shared.invoke(event);
    shared.recycle();
    const second = keyOf(await shared.invoke(event));

    expect(second).not.toBe(first);
    expect(invocations.map(({ accessKeyId, isColdStart }) => [accessKeyId, isColdStart])).toEqual([
      [first, true],
      [first, false],
      [second, true],
    ]);
    expect(invocations[0]?.event).toBe(event);
  });

  it('events wait in order while every environment is busy', async () => {
    const first = await shared.invoke({});
    const order: string[] = [];
    lines = [];
    const events = ['a', 'b', 'c'].map((name) =>
      shared.invoke(wait(name)).then(() => order.push(name)),
    );
    await printed('handling a');
    expect(lines).toEqual(['handling a']);
    for (const name of ['c', 'b', 'a']) open(name);

    await Promise.all(events);

    expect(order).toEqual(['a', 'b', 'c']);
    expect(pidOf(await shared.invoke({}))).toBe(pidOf(first));
  });

  it('a pool starts another environment while all are busy, at most four by default', async () => {
    const pool = startPool();
    const names = ['1', '2', '3', '4', '5'];
    const events = names.map((name) => pool.invoke(wait(name)));
    await Promise.all(names.slice(0, 4).map((name) => printed(`handling ${name}`)));
    expect(pool.started).toBe(4);
    for (const name of names) open(name);

    const pids = (await Promise.all(events)).map(pidOf);

    expect(new Set(pids.slice(0, 4)).size).toBe(4);
    expect(pids.slice(0, 4)).toContain(pids[4]);
    expect(pool).toMatchObject({ started: 4 });
  });

  it('recycle ends an idle environment at once', async () => {
    const first = await shared.invoke({});
    const { started } = shared;

    shared.recycle();
    await gone(pidOf(first));

    expect(await shared.invoke({})).toMatchObject({ payload: { count: 1 } });
    expect(shared.started).toBe(started + 1);
  });

  it('recycle ends a busy environment after its event', async () => {
    const first = await shared.invoke({});
    const busy = shared.invoke(wait('busy'));
    await printed('handling busy');

    shared.recycle();
    const next = await shared.invoke({});
    open('busy');
    const last = await busy;

    expect(pidOf(last)).toBe(pidOf(first));
    expect(pidOf(next)).not.toBe(pidOf(last));
    await gone(pidOf(last));
  });

  it('a pool does not use an environment that exited while idle', async () => {
    const first = await shared.invoke({});
    process.kill(pidOf(first), 'SIGKILL');
    await gone(pidOf(first));
    await new Promise((resolve) => setImmediate(resolve));

    expect(await shared.invoke({})).toMatchObject({ payload: { count: 1 } });
  });

  it('a closed pool leaves no process and rejects events', async () => {
    const pool = startPool(define(), 2);
    const idle = await pool.invoke({});
    const busy = pool.invoke({ do: 'spin', name: 'busy' });
    const other = pool.invoke({ do: 'hang', name: 'other' });
    const waiting = pool.invoke({});
    const refused = expect(waiting).rejects.toThrow('the environment pool was closed');
    await Promise.all([printed('handling busy'), printed('handling other')]);

    await pool.close();

    await gone(pidOf(idle));
    await refused;
    for (const ended of [await busy, await other]) {
      expect(ended).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    }
    await expect(pool.invoke({})).rejects.toThrow('the environment pool is closed');
  });
});

// These wait a second or more for other processes, side by side.
describe('an environment whose end takes time', () => {
  it.concurrent('a function that swallows its output ends at its timeout', async () => {
    const own = new EnvironmentPool(define({ Timeout: 1 }), { log: () => undefined });
    try {
      const first = await own.invoke({ do: 'mute' });

      expect(first).toEqual({ payload: expect.objectContaining({ count: 1 }) });
      expect(own).toMatchObject({ started: 1, running: 1 });
    } finally {
      await own.close();
    }
  });

  it.concurrent('environments exit when the process of their pool is killed', async () => {
    const script = `
      const { EnvironmentPool } = require('./local/lambda/environment-pool.ts');
      const pool = new EnvironmentPool(${JSON.stringify(define())}, { log() {} });
      pool.invoke({ do: 'linger' }).then(({ payload }) => console.log(String(payload.pid)));
    `;
    const parent = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', script], {
      cwd: join(__dirname, '../../..'),
      // The files that a killed process leaves are removed with the test's directory.
      env: { ...process.env, TMPDIR: directory },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [pid] = await once(createInterface({ input: parent.stdout }), 'line');
      expect(Number(pid)).toBeGreaterThan(0);

      parent.kill('SIGKILL');

      await gone(Number(pid));
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
