import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { types } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const STACK_FRAMES = 10;

type Storage = AsyncLocalStorage<unknown>;
type Listener = (...values: unknown[]) => void;

// V8 of Node.js 20 optimizes code that most tests run too rarely to gain from it. Later versions do not have the flag.
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=500000');

/** Storages that the running test file has used, those of jest-circus among them. */
const storages = new Set<Storage>();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (this: Storage, ...args: Parameters<typeof run>) {
  storages.add(this);
  return run.apply(this, args);
} as typeof run;

/**
 * Node.js environment that all test files of a worker share, and with it the modules of `shared-modules-runtime.js`.
 * After each file it is as before: globals (jest-circus keeps its handlers in one), environment variables, mocks and
 * timers.
 *
 * - jest-worker sets `FORCE_COLOR` for its workers where standard output supports colors, and child
 *   processes inherit it. A setup file cannot remove it: it sees a copy of `process.env` only.
 * - The CDK computes the hash of an asset once per directory of cloud assemblies. Syntheses of a worker share one.
 * - Jest captures 100 stack frames for each `expect` and each error, and maps them to the sources. Node.js captures 10.
 * - jest-circus enables an `AsyncLocalStorage` for each test file and never disables it. Up to Node.js 22 each
 *   promise then copies the state of all of them.
 * - Jest puts a proxy in front of the sandbox's globals. Each use of one, such as `Math`, then takes 400 ns.
 *
 * @see https://github.com/jestjs/jest/blob/v30.0.0/packages/jest-worker/src/workers/ChildProcessWorker.ts
 * @see https://nodejs.org/docs/latest-v20.x/api/cli.html#force_color1-2-3
 * @see https://nodejs.org/docs/latest-v20.x/api/async_context.html#asynclocalstoragedisable
 * @see https://nodejs.org/docs/latest-v20.x/api/vm.html#vmconstantsdont_contextify
 */
class WorkerEnvironment extends TestEnvironment {
  readonly #globals: PropertyDescriptorMap;
  readonly #process: PropertyDescriptorMap;
  readonly #variables: NodeJS.ProcessEnv;
  readonly #listeners: ReadonlyMap<string | symbol, readonly Listener[]>;

  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    delete process.env['FORCE_COLOR'];
    process.env['SYNTHESIS_DIRECTORY'] = createDirectory();
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    super(...args);
    vm.createContext = createContext;
    this.global.Error.stackTraceLimit = STACK_FRAMES;
    recognizeErrorsOfNode(this.global);
    this.#globals = Object.getOwnPropertyDescriptors(this.global);
    this.#process = Object.getOwnPropertyDescriptors(this.global.process);
    this.#variables = { ...this.global.process.env };
    this.#listeners = listenersOf(this.global.process);
  }

  override async setup(): Promise<void> {
    Error.stackTraceLimit = STACK_FRAMES;
    // Packages outside of the sandbox have no source maps. The CDK captures a stack for each resource.
    this.global.Error.prepareStackTrace = Error.prepareStackTrace as never;
    Error.prepareStackTrace = undefined as never;
  }

  /** Does not dispose of the sandbox, which the next test file uses. */
  override async teardown(): Promise<void> {
    this.fakeTimers?.useRealTimers();
    this.fakeTimersModern?.useRealTimers();
    this.moduleMocker?.restoreAllMocks();
    restore(this.global, this.#globals);
    this.#removeListeners();
    restore(this.global.process, this.#process);
    restore(this.global.process.env, Object.getOwnPropertyDescriptors(this.#variables));
    for (const storage of storages) storage.disable();
    storages.clear();
  }

  #removeListeners(): void {
    const { process } = this.global;
    for (const [event, listeners] of listenersOf(process)) {
      const former = this.#listeners.get(event) ?? [];
      for (const listener of listeners)
        if (!former.includes(listener)) process.off(event, listener);
    }
    // Node.js replaces the object of the listeners when the last one is removed.
    const { _events, _eventsCount } = Object.getOwnPropertyDescriptors(
      process,
    ) as PropertyDescriptorMap;
    Object.assign(this.#process, { _events, _eventsCount });
  }
}

/** Creates a directory that is removed when the worker ends. */
function createDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'worker-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Makes errors of Node.js, such as `ECONNRESET`, instances of the sandbox's `Error`, as they are outside of jest. */
function recognizeErrorsOfNode({ Error: SandboxError }: Pick<typeof globalThis, 'Error'>): void {
  const ordinary = SandboxError[Symbol.hasInstance];
  Object.defineProperty(SandboxError, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      return this === SandboxError
        ? types.isNativeError(value)
        : ordinary.call(this as never, value);
    },
  });
}

function listenersOf(emitter: NodeJS.EventEmitter): Map<string | symbol, Listener[]> {
  const events = emitter.eventNames();
  return new Map(events.map((event) => [event, emitter.rawListeners(event) as Listener[]]));
}

/** Gives an object the properties that it had. */
function restore(target: object, before: PropertyDescriptorMap): void {
  for (const name of Reflect.ownKeys(target)) {
    if (!Object.hasOwn(before, name)) Reflect.deleteProperty(target, name);
  }
  for (const name of Reflect.ownKeys(before)) {
    const [former, now] = [
      Reflect.get(before, name),
      Object.getOwnPropertyDescriptor(target, name),
    ];
    const isSame =
      now?.value === former.value && now?.get === former.get && now?.set === former.set;
    if (!isSame) Object.defineProperty(target, name, former);
  }
}

let environment: WorkerEnvironment | undefined;

/** Returns the environment of the worker. Jest calls it with `new` for each test file. */
export default function workerEnvironment(
  ...args: ConstructorParameters<typeof TestEnvironment>
): WorkerEnvironment {
  environment ??= new WorkerEnvironment(...args);
  return environment;
}
