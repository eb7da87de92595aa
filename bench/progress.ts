/** Reports how far a measurement is. */
export type Progress = (what: string, done: number, of: number) => void;

/** Creates the progress on standard error: one line that is rewritten in a terminal, else one line for each part. */
export function createProgress(): Progress {
  let last = '';
  return function report(what, done, of) {
    const [part = ''] = what.split(':');
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what} ${done}/${of}`);
    else if (part !== last) process.stderr.write(`${part} …\n`);
    if (done >= of && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    last = part;
  };
}
