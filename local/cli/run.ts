import { PortTakenError } from '../http-server';
import { SynthesisError } from '../stack/synthesize';
import { UnsupportedTemplateError } from '../template/unsupported';

/** The command was called wrongly, or lacks something; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a person can mend gets a sentence; only a defect of ours gets a stack trace. */
export function reportAndExit(error: unknown): never {
  const userErrors = [UsageError, SynthesisError, UnsupportedTemplateError, PortTakenError];
  console.error(
    userErrors.some((type) => error instanceof type) ? (error as Error).message : error,
  );
  process.exit(1);
}

/** Starts something and keeps it running until SIGINT or SIGTERM; then closes it and exits with 0. */
export async function runUntilSignal(start: () => Promise<{ close(): Promise<void> }>) {
  const starting = start();
  starting.catch(reportAndExit);
  const stop = () => {
    // Whatever hangs has had its chance.
    setTimeout(() => process.exit(0), 1500).unref();
    starting.then((running) => running.close()).finally(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** A TCP port of a command line. @throws UsageError */
export function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port must be a number from 0 to 65535, not ${text}`);
}
