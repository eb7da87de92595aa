import { onBrokenPipe } from '../../terminal/broken-pipe';
import type { Closable } from '../closable';

/**
 * Starts a service and keeps it running until SIGINT or SIGTERM. Then closes it and exits with 0.
 *
 * @param start receives the signal to give up
 */
export async function runUntilSignal(
  start: (signal: AbortSignal) => Promise<Closable>,
): Promise<void> {
  const stopping = new AbortController();
  const stop = () => {
    // Exit even if closing hangs.
    setTimeout(() => process.exit(0), 1500).unref();
    stopping.abort();
    starting.then((running) => running.close()).finally(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  onBrokenPipe(stop);
  const starting = start(stopping.signal);
  try {
    await starting;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    // A start that was given up has no error to report. The process exits.
    await new Promise(() => {});
  }
}
