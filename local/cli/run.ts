import { PortTakenError } from '../http-server';
import { SynthesisError } from '../stack/synthesis-error';
import { UnsupportedTemplateError } from '../template/unsupported';

/** Wrong or missing argument of a command. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Prints an error and exits with 1. User errors print their message; unexpected errors a stack trace. */
export function reportAndExit(error: unknown): never {
  const userErrors = [UsageError, SynthesisError, UnsupportedTemplateError, PortTakenError];
  console.error(
    userErrors.some((type) => error instanceof type) ? (error as Error).message : error,
  );
  process.exit(1);
}

/** Starts a service and keeps it running until SIGINT or SIGTERM. Then closes it and exits with 0. */
export async function runUntilSignal(start: () => Promise<{ close(): Promise<void> }>) {
  const starting = start();
  starting.catch(reportAndExit);
  const stop = () => {
    // Exit even if closing hangs.
    setTimeout(() => process.exit(0), 1500).unref();
    starting.then((running) => running.close()).finally(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/**
 * Parses the option `--port`.
 *
 * @throws UsageError if it is not a TCP port.
 */
export function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port must be a number from 0 to 65535, got: ${text}`);
}
