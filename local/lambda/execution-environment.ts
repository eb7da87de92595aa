import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import type { FunctionDefinition } from './function';
import { type ProcessOutput, readOutput } from './process-output';
import type { Invocation, InvocationResult } from './protocol';

/**
 * Timeout of loading the handler, in seconds. The timeout of the function starts after it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
const INITIALIZATION_TIMEOUT_SECONDS = 10;

/**
 * Execution environment: a plain `node` process that handles one event at a time. Unlike Lambda's it is
 * not frozen between events, since a stopped process could not notice that its parent exited.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class ExecutionEnvironment {
  readonly #definition: FunctionDefinition;
  readonly #process: ChildProcess;
  readonly #output: ProcessOutput;
  readonly #initialized: Promise<InvocationResult>;
  #usable = true;

  /** Access key id in the environment variables of the process. */
  readonly accessKeyId: string;

  /** Settles when the process has exited and `log` has received all its output. */
  readonly ended: Promise<void>;

  constructor(
    runtimePath: string,
    definition: FunctionDefinition,
    variables: Record<string, string>,
    log: (line: string) => void,
  ) {
    this.#definition = definition;
    this.accessKeyId = variables['AWS_ACCESS_KEY_ID'] ?? '';
    // Not `fork`, which would pass on this process's flags, such as TypeScript loaders and inspectors.
    const child = spawn(process.execPath, [runtimePath], {
      cwd: definition.assetDirectory,
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
    this.#output = readOutput(streams, log);
    const unusable = () => {
      this.#usable = false;
    };
    child.on('exit', unusable).on('error', unusable);
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
    this.#process = child;
    this.#initialized = this.#nextReport(randomUUID(), INITIALIZATION_TIMEOUT_SECONDS);
  }

  /** Flag that the environment can receive another event. */
  get usable(): boolean {
    return this.#usable;
  }

  /**
   * Invokes the function with an event. The log has received what the function printed when it responds. After a
   * timeout or an exit the environment is not usable.
   */
  async invoke(event: unknown): Promise<InvocationResult> {
    const initialization = await this.#initialized;
    if ('error' in initialization) {
      this.end();
      return initialization;
    }
    const requestId = randomUUID();
    const invocation: Invocation = {
      requestId,
      traceId: newTraceId(),
      functionArn: this.#definition.arn,
      deadlineMs: Date.now() + this.#definition.timeoutSeconds * 1000,
      event,
      endLine: `END RequestId: ${requestId}`,
    };
    const printed = this.#output.until(invocation.endLine);
    const report = this.#nextReport(requestId, this.#definition.timeoutSeconds, printed);
    // The callback keeps a failed send from being thrown. The exit of the process is reported instead.
    this.#process.send(invocation, () => {});
    return report;
  }

  /** Kills the process. */
  end(): void {
    this.#usable = false;
    this.#process.kill('SIGKILL');
  }

  /**
   * Returns the next report of the process, or Lambda's error for an exit or a timeout.
   *
   * @param printed settles when the output of the invocation has been read. Default: there is none.
   */
  #nextReport(
    requestId: string,
    seconds: number,
    printed?: Promise<void>,
  ): Promise<InvocationResult> {
    return new Promise((resolve) => {
      const settle = (result: InvocationResult) => {
        clearTimeout(timer);
        this.#process.off('message', reported).off('exit', exited).off('error', failed);
        resolve(result);
      };
      let report: InvocationResult | undefined;
      const reported = (result: InvocationResult) => {
        report = result;
        if (printed) void printed.then(() => settle(result));
        else settle(result);
      };
      const fail = (errorType: string, message: string) =>
        settle({ error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` } });
      const exited = (status: number | null, signal: string | null) =>
        report ? settle(report) : fail('Runtime.ExitError', exitMessage(status, signal));
      const failed = (error: Error) => fail('Runtime.ExitError', error.message);
      const timer = setTimeout(() => {
        // A function that has replaced `process.stdout.write` can swallow the end of its output.
        if (report) return settle(report);
        fail('Sandbox.Timedout', `Task timed out after ${seconds.toFixed(2)} seconds`);
        this.end();
      }, seconds * 1000);
      this.#process.on('message', reported).on('exit', exited).on('error', failed);
    });
  }
}

function exitMessage(status: number | null, signal: string | null): string {
  if (status === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: ${signal ? `signal: ${signal}` : `exit status ${status}`}`;
}

/**
 * Returns a trace id that is not sampled, since nothing collects traces.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
function newTraceId(): string {
  const epoch = Math.floor(Date.now() / 1000).toString(16);
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  return `Root=1-${epoch}-${hex(12)};Parent=${hex(8)};Sampled=0`;
}
