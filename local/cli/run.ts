import { onBrokenPipe } from '../../terminal/broken-pipe';

/** Starts a service and keeps it running until SIGINT or SIGTERM. Then closes it and exits with 0. */
export async function runUntilSignal(
  start: () => Promise<{ close(): Promise<void> }>,
): Promise<void> {
  const starting = start();
  const stop = () => {
    // Exit even if closing hangs.
    setTimeout(() => process.exit(0), 1500).unref();
    starting.then((running) => running.close()).finally(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  onBrokenPipe(stop);
  await starting;
}
