import { environmentVariables } from './environment-variables';
import { ExecutionEnvironment } from './execution-environment';
import type { FunctionDefinition } from './function';
import type { InvocationResult } from './protocol';
import { type RuntimeScript, writeRuntimeScript } from './runtime-script';

interface EnvironmentPoolOptions {
  /** How many events may be handled at the same time. Default: 4. */
  readonly maxEnvironments?: number;
  /** Environment variables beside those of the template and of Lambda. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each line the function prints. */
  readonly log: (line: string) => void;
}

interface Waiting {
  readonly event: unknown;
  readonly resolve: (result: InvocationResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A function's execution environments. An event goes to an idle environment; if all are busy a new
 * one is started, up to the maximum; beyond it events wait in order. (Lambda would throttle them,
 * which a developer's machine with four environments would show far too early.)
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export class EnvironmentPool {
  readonly #definition: FunctionDefinition;
  readonly #options: EnvironmentPoolOptions;
  readonly #maxEnvironments: number;
  /** Every process that is not gone yet. */
  readonly #alive = new Set<ExecutionEnvironment>();
  /** Those that may be given events, now or after the one they handle. */
  readonly #serving = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #waiting: Waiting[] = [];
  #runtime: RuntimeScript | undefined;
  #closed = false;
  #started = 0;
  #invocations = 0;

  constructor(definition: FunctionDefinition, options: EnvironmentPoolOptions) {
    this.#definition = definition;
    this.#options = options;
    this.#maxEnvironments = options.maxEnvironments ?? 4;
  }

  /** How many environments were started: the cold starts. */
  get started(): number {
    return this.#started;
  }

  /** How many events were handed to the function. */
  get invocations(): number {
    return this.#invocations;
  }

  /**
   * Has the function handle an event. What goes wrong in the function is a result.
   *
   * @throws Error when the pool is closed, or is closed while the event waits.
   */
  invoke(event: unknown): Promise<InvocationResult> {
    if (this.#closed) return Promise.reject(new Error('the environment pool is closed'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends every environment, a busy one after its event: the next event meets a cold start. */
  recycle(): void {
    this.#serving.clear();
    for (const environment of this.#idle.splice(0)) environment.end();
  }

  /** Ends every environment now; events being handled end with an error. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new Error('the environment pool was closed'));
    }
    const alive = [...this.#alive];
    for (const environment of alive) environment.end();
    await Promise.all(alive.map(({ ended }) => ended));
    this.#runtime?.remove();
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const environment = this.#takeIdle() ?? this.#startUnlessFull();
      const waiting = environment && this.#waiting.shift();
      if (!waiting) return;
      void this.#handle(environment, waiting);
    }
  }

  async #handle(environment: ExecutionEnvironment, { event, resolve }: Waiting): Promise<void> {
    this.#invocations += 1;
    const result = await environment.invoke(event);
    if (this.#serving.has(environment)) this.#idle.push(environment);
    else environment.end();
    resolve(result);
    this.#dispatch();
  }

  #takeIdle(): ExecutionEnvironment | undefined {
    const environment = this.#idle.pop();
    if (!environment || environment.usable) return environment;
    // It ended, in its last event or since.
    this.#serving.delete(environment);
    return this.#takeIdle();
  }

  #startUnlessFull(): ExecutionEnvironment | undefined {
    if (this.#serving.size >= this.#maxEnvironments) return undefined;
    this.#runtime ??= writeRuntimeScript();
    const variables = environmentVariables(this.#definition, this.#options.environment ?? {});
    const environment = new ExecutionEnvironment(
      this.#runtime.path,
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
