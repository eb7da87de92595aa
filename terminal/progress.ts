import { styleOf } from './style';
import { columnsOf } from './wrap';

/** Time between two updates of the line, in milliseconds. */
const INTERVAL_MS = 100;

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Line on a terminal that says what the command is doing, and for how long. */
export interface Progress {
  /** Says what the command is doing now. */
  update(text: string): void;
  /** Removes the line. */
  done(): void;
}

const NONE: Progress = { update: () => {}, done: () => {} };

/** Progress that is shown, of which there is one at a time. */
let shown: { clear(): void } | undefined;

/**
 * Shows progress on standard error while it is a terminal. In a pipe nothing is printed.
 *
 * @param now time in milliseconds
 */
export function showProgress(
  text: string,
  stream: NodeJS.WriteStream = process.stderr,
  now: () => number = performance.now.bind(performance),
): Progress {
  if (!stream.isTTY) return NONE;
  const style = styleOf(stream);
  const startedMs = now();
  let current = text;
  let frame = 0;
  const clear = () => stream.write('\r\u001b[K');
  const draw = () => {
    const seconds = Math.floor((now() - startedMs) / 1000);
    const line = `${current} …${seconds > 0 ? ` ${seconds} s` : ''}`;
    frame = (frame + 1) % FRAMES.length;
    clear();
    stream.write(`${style('cyan', FRAMES[frame] ?? '')} ${line.slice(0, columnsOf(stream) - 3)}`);
  };
  const timer = setInterval(draw, INTERVAL_MS).unref();
  shown = { clear };
  draw();
  return {
    update(next) {
      current = next;
      draw();
    },
    done() {
      clearInterval(timer);
      clear();
      shown = undefined;
    },
  };
}

/** Runs work while progress is shown. */
export async function withProgress<T>(
  text: string,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = showProgress(text);
  try {
    return await work(progress);
  } finally {
    progress.done();
  }
}

/** Prints a line on standard error, above the progress if some is shown. */
export function printNotice(line: string): void {
  shown?.clear();
  console.error(line);
}
