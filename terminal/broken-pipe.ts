let onEnd: () => void = () => process.exit();

/**
 * Ends the process when the reader of its output has gone, as with `| head -1`. Standard error without a reader is
 * ignored.
 */
export function endOnBrokenPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    onEnd();
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** Replaces how the process ends then. Default: it exits. */
export function onBrokenPipe(end: () => void): void {
  onEnd = end;
}
