import { join } from 'node:path';
import { PROJECT } from '../../terminal/project';
import { createEnvironmentAccessKeyId } from '../aws/access-key';
import { environmentVariables } from './environment-variables';
import { ExecutionEnvironment } from './execution-environment';
import type { FunctionDefinition } from './function';
import type { InvocationResult } from './protocol';

interface EnvironmentPoolOptions {
  /** Maximum number of environments, hence of concurrent events. Default: 4. */
  readonly maxEnvironments?: number;
  /** Environment variables in addition to those of the template and of Lambda. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Receives each line that the function prints. */
  readonly log: (line: string) => void;
  /** Receives each invocation when it has ended. Default: no observation. */
  readonly onInvocation?: ((invocation: ObservedInvocation) => void) | undefined;
}

/** Invocation with the environment that handled it. */
export interface ObservedInvocation {
  readonly definition: FunctionDefinition;
  /** Access key id with which the environment calls AWS. Each environment has its own. */
  readonly accessKeyId: string;
  /** Start, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly isColdStart: boolean;
  readonly event: unknown;
}

interface QueuedEvent {
  readonly event: unknown;
  readonly resolve: (result: InvocationResult) => void;
  readonly reject: (error: Error) => void;
}

/** Runtime as JavaScript, which `npm run build` compiles: a loader would differ from AWS and slow the cold start down. */
const RUNTIME = join(PROJECT, 'dist', 'local', 'runtime.js');

/**
 * Execution environments of a function. An event goes to an idle environment. If all are busy, the pool
 * starts another one, up to the maximum, beyond which events wait in order. Lambda would throttle them,
 * but at a far higher concurrency.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export class EnvironmentPool {
  readonly #definition: FunctionDefinition;
  readonly #options: EnvironmentPoolOptions;
  readonly #maxEnvironments: number;
  /** Environments whose processes run. */
  readonly #alive = new Set<ExecutionEnvironment>();
  /** Environments that can receive events, now or after the current one. */
  readonly #serving = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  /** Environments that have received an event. */
  readonly #used = new WeakSet<ExecutionEnvironment>();
  readonly #queue: QueuedEvent[] = [];
  #closed = false;
  #started = 0;

  constructor(definition: FunctionDefinition, options: EnvironmentPoolOptions) {
    this.#definition = definition;
    this.#options = options;
    this.#maxEnvironments = options.maxEnvironments ?? 4;
  }

  /** Number of environments that run. */
  get running(): number {
    return this.#serving.size;
  }

  /** Number of environments started, hence of cold starts. */
  get started(): number {
    return this.#started;
  }

  /**
   * Invokes the function with an event. Errors of the function are results.
   *
   * @throws Error if the pool is closed, or is closed while the event waits.
   */
  invoke(event: unknown): Promise<InvocationResult> {
    if (this.#closed) return Promise.reject(new Error('the environment pool is closed'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ event, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends every environment, a busy one after its event. The next event has a cold start. */
  recycle(): void {
    this.#serving.clear();
    for (const environment of this.#idle.splice(0)) environment.end();
  }

  /** Ends every environment immediately. Unfinished events result in errors. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#queue.splice(0)) {
      reject(new Error('the environment pool was closed'));
    }
    const alive = [...this.#alive];
    for (const environment of alive) environment.end();
    await Promise.all(alive.map(({ ended }) => ended));
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const environment = this.#takeIdle() ?? this.#startUnlessFull();
      const queued = environment && this.#queue.shift();
      if (!queued) return;
      void this.#handle(environment, queued);
    }
  }

  async #handle(environment: ExecutionEnvironment, { event, resolve }: QueuedEvent): Promise<void> {
    const { accessKeyId } = environment;
    const isColdStart = !this.#used.has(environment);
    this.#used.add(environment);
    const startedAtMs = Date.now();
    const result = await environment.invoke(event);
    const { onInvocation } = this.#options;
    const definition = this.#definition;
    onInvocation?.({ definition, accessKeyId, startedAtMs, isColdStart, event });
    if (this.#serving.has(environment)) this.#idle.push(environment);
    else environment.end();
    resolve(result);
    this.#dispatch();
  }

  #takeIdle(): ExecutionEnvironment | undefined {
    const environment = this.#idle.pop();
    if (!environment || environment.usable) return environment;
    // Its process has exited.
    this.#serving.delete(environment);
    return this.#takeIdle();
  }

  #startUnlessFull(): ExecutionEnvironment | undefined {
    if (this.#serving.size >= this.#maxEnvironments) return undefined;
    const variables = environmentVariables(this.#definition, {
      ...this.#options.environment,
      AWS_ACCESS_KEY_ID: createEnvironmentAccessKeyId(),
    });
    const environment = new ExecutionEnvironment(
      RUNTIME,
      this.#definition,
      variables,
      this.#options.log,
    );
    this.#started += 1;
    this.#serving.add(environment);
    this.#alive.add(environment);
    void environment.ended.then(() => this.#alive.delete(environment));
    return environment;
  }
}
