import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Output of a process, read line by line. */
export interface ProcessOutput {
  /** Resolves when every stream has had a line, or has closed. Lines before it have been read then. */
  until(endLine: string): Promise<void>;
}

/** Reads the output of a process. The lines that {@link ProcessOutput.until} waits for are not logged. */
export function readOutput(
  streams: readonly Readable[],
  log: (line: string) => void,
): ProcessOutput {
  const open = new Set(streams);
  let endLine: string | undefined;
  let waiting = new Set<Readable>();
  let resolve = () => {};
  const ended = (stream: Readable) => {
    waiting.delete(stream);
    if (waiting.size === 0) resolve();
  };
  for (const stream of streams) {
    createInterface({ input: stream })
      .on('line', (line) => {
        if (endLine === undefined || !line.endsWith(endLine)) return log(line);
        // A function can print text without a line end.
        const rest = line.slice(0, -endLine.length);
        if (rest !== '') log(rest);
        ended(stream);
      })
      .on('close', () => {
        open.delete(stream);
        ended(stream);
      });
  }
  return {
    until: (line) =>
      new Promise((resolved) => {
        endLine = line;
        waiting = new Set(open);
        resolve = resolved;
        if (waiting.size === 0) resolved();
      }),
  };
}
