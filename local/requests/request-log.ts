import type { Style } from '../../terminal/style';
import { visibleLength, wrap } from '../../terminal/wrap';
import { readFunctionLine } from './function-line';
import type { LogFormat } from './log-format';
import { requestLine } from './request-line';
import type { ServedRequest } from './served-request';

/**
 * Kind of a line: printed by a function, logged about a request that has a record, or a notice of local mode itself.
 */
export type LineKind = 'function' | 'request' | 'notice';

/** Receives each line that is logged. The default of the kind is `notice`. */
export type Log = (line: string, kind?: LineKind) => void;

/** Receivers of lines and requests. */
export interface RequestLog {
  readonly log: Log;
  readonly onRequest?: (request: ServedRequest) => void;
}

/**
 * Creates a log in a format.
 *
 * @param columns returns the width of the terminal; by default, no line is too long
 */
export function createRequestLog(
  format: LogFormat,
  print: (line: string) => void,
  style: Style,
  columns?: () => number,
): RequestLog {
  if (format === 'json') return { log: (line) => print(line) };
  return {
    log(line, kind = 'notice') {
      // The line of the request has what the gateway logs about it.
      if (kind === 'request') return;
      const readable = kind === 'function' ? readFunctionLine(line) : broken(line, columns?.());
      if (readable !== undefined) print(readable);
    },
    onRequest: (request) => print(requestLine(request, style, columns?.())),
  };
}

/** Breaks the lines of a notice between words if they are longer than the terminal. */
function broken(notice: string, columns = Number.POSITIVE_INFINITY): string {
  const lines = notice.split('\n');
  return lines
    .flatMap((line) => (visibleLength(line) <= columns ? [line] : wrap(line, columns, '  ')))
    .join('\n');
}
