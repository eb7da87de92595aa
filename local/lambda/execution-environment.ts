import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { FunctionDefinition } from './function';
import type { Invocation, InvocationResult } from './protocol';

/**
 * How long loading the handler may take; the function's own timeout begins after it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
const initializationSeconds = 10;

/**
 * One execution environment: a process of plain `node` that handles one event at a time. A class,
 * because it holds that process. Unlike Lambda's it is not frozen between two events: a stopped
 * process could not notice that its parent is gone.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class ExecutionEnvironment {
  readonly #definition: FunctionDefinition;
  readonly #process: ChildProcess;
  readonly #initialized: Promise<InvocationResult>;
  #usable = true;

  /** Settles when the process is gone and all it printed was passed on to `log`. */
  readonly ended: Promise<void>;

  constructor(
    runtimePath: string,
    definition: FunctionDefinition,
    variables: Record<string, string>,
    log: (line: string) => void,
  ) {
    this.#definition = definition;
    // Not `fork`, which would pass this process's own flags on: TypeScript loaders, inspectors.
    const child = spawn(process.execPath, [runtimePath], {
      cwd: definition.assetDirectory,
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const output of [child.stdout, child.stderr]) {
      if (output) createInterface({ input: output }).on('line', log);
    }
    const unusable = () => {
      this.#usable = false;
    };
    child.on('exit', unusable).on('error', unusable);
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
    this.#process = child;
    this.#initialized = this.#nextReport(randomUUID(), initializationSeconds);
  }

  /** Whether another event can be handed to it. */
  get usable(): boolean {
    return this.#usable;
  }

  /** Hands an event over. After an end that leaves its state in doubt it is no longer usable. */
  async invoke(event: unknown): Promise<InvocationResult> {
    const initialization = await this.#initialized;
    if ('error' in initialization) {
      this.end();
      return initialization;
    }
    const invocation: Invocation = {
      requestId: randomUUID(),
      traceId: newTraceId(),
      functionArn: this.#definition.arn,
      deadline: Date.now() + this.#definition.timeoutSeconds * 1000,
      event,
    };
    const report = this.#nextReport(invocation.requestId, this.#definition.timeoutSeconds);
    // The callback keeps a failure to send from being thrown; the exit behind it is the report.
    this.#process.send(invocation, () => {});
    return report;
  }

  /** Ends the process, whatever it is doing. */
  end(): void {
    this.#usable = false;
    this.#process.kill('SIGKILL');
  }

  /** What the process reports next, or the error that Lambda puts in place of its silence. */
  #nextReport(requestId: string, seconds: number): Promise<InvocationResult> {
    return new Promise((resolve) => {
      const settle = (result: InvocationResult) => {
        clearTimeout(timer);
        this.#process.off('message', settle).off('exit', exited).off('error', failed);
        resolve(result);
      };
      const fail = (errorType: string, message: string) =>
        settle({ error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` } });
      const exited = (status: number | null, signal: string | null) =>
        fail('Runtime.ExitError', exitMessage(status, signal));
      const failed = (error: Error) => fail('Runtime.ExitError', error.message);
      const timer = setTimeout(() => {
        fail('Sandbox.Timedout', `Task timed out after ${seconds.toFixed(2)} seconds`);
        this.end();
      }, seconds * 1000);
      this.#process.on('message', settle).on('exit', exited).on('error', failed);
    });
  }
}

function exitMessage(status: number | null, signal: string | null): string {
  if (status === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: ${signal ? `signal: ${signal}` : `exit status ${status}`}`;
}

/**
 * Not sampled, for nothing here collects traces.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
function newTraceId(): string {
  const epoch = Math.floor(Date.now() / 1000).toString(16);
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  return `Root=1-${epoch}-${hex(12)};Parent=${hex(8)};Sampled=0`;
}
