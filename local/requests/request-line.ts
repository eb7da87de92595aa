import type { Format, Style } from '../../terminal/style';
import { shorten, visibleLength, WIDTH, wrap } from '../../terminal/wrap';
import type { DecisionSource, ServedRequest } from './served-request';

const SOURCES: Readonly<Record<DecisionSource, string>> = {
  result_cache: 'result cache',
  memory: 'memory',
  token_cache: 'token cache',
  introspection: 'introspection',
  request: '',
};

/** Indent of further lines, below the method. */
const INDENT = ' '.repeat(9);

/** Shortest path that is left of a longer one. */
const MIN_PATH = 12;

/** Parts of a line, in the order in which they are shown. */
interface Parts {
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly reason: string | undefined;
  /** Sides of a comparison, or a message. */
  readonly detail: readonly string[];
  readonly timing: string;
}

/**
 * Returns a request as a line: time, method, path, status, reason with what was compared, source and duration.
 * Advice and warnings follow on lines of their own. If a terminal would break the line, the comparison follows, too,
 * and long values are shortened.
 *
 * @param columns width of the terminal; by default, no line is too long
 */
export function requestLine(
  request: ServedRequest,
  style: Style,
  columns = Number.POSITIVE_INFINITY,
): string {
  const { receivedAtMs, method, path, status, log } = request;
  const parts = {
    time: new Date(receivedAtMs).toTimeString().slice(0, 8),
    method,
    path: printable(path),
    status,
    reason: reasonOf(request),
    detail: detailOf(request),
    timing: timing(request),
  };
  const line = joined(parts, style);
  const { advice, cause } = log.fault ?? {};
  const width = Math.min(columns, WIDTH) - INDENT.length;
  const further = [cause, advice, ...log.warnings.map((text) => `warning: ${text}`)]
    .filter((text) => text !== undefined)
    .flatMap((text) => text.split('\n'))
    .flatMap((text) => wrap(text, width))
    .map((text) => `${INDENT}${text}`);
  const lines = visibleLength(line) <= columns ? [line] : brokenLines(parts, style, columns);
  return [...lines, ...further].join('\n');
}

function joined({ time, method, path, status, reason, detail, timing }: Parts, style: Style) {
  const code = style(statusFormat(status), String(status));
  const head = [style('dim', time), method, path, code];
  if (reason !== undefined) head.push(style('bold', reason));
  return [head.join(' '), detail.join(', '), style('dim', timing)].filter(Boolean).join('  ');
}

/** Returns the parts in several lines, each of which fits in the terminal. */
function brokenLines(parts: Parts, style: Style, columns: number): readonly string[] {
  const roomForPath = (reason: string | undefined) =>
    columns - visibleLength(joined({ ...parts, path: '', reason, detail: [] }, style));
  const shortest = Math.min(parts.path.length, MIN_PATH);
  const reason = roomForPath(parts.reason) >= shortest ? parts.reason : undefined;
  const path = shorten(parts.path, Math.max(roomForPath(reason), shortest));
  const below = reason === parts.reason ? parts.detail : [parts.reason ?? '', ...parts.detail];
  const width = columns - INDENT.length;
  const together = below.join(', ');
  const lines = (together.length <= width ? [together] : below)
    .flatMap((text) => wrap(text, width))
    .map((text) => `${INDENT}${shorten(text, width)}`);
  return [joined({ ...parts, path, reason, detail: [] }, style), ...(together ? lines : [])];
}

function statusFormat(status: number): Format {
  if (status >= 500) return 'red';
  return status >= 400 ? 'yellow' : 'green';
}

/** Returns the reason of a denial, the code of a fault, or the type of API Gateway's own response. */
function reasonOf({ log, authorizer, gatewayResponse }: ServedRequest): string | undefined {
  if (log.reason !== undefined) return log.reason;
  if (log.fault) return log.fault.code;
  if (authorizer === 'identity-missing') return 'identity_source_missing';
  return gatewayResponse?.toLowerCase();
}

/** Returns the two sides of a comparison that failed, or the message of a fault. */
function detailOf({ log, fault }: ServedRequest): readonly string[] {
  const { expected, received } = log;
  if (expected !== undefined) {
    const got = received === undefined ? [] : [`got ${JSON.stringify(received)}`];
    return [...got, `expected ${JSON.stringify(expected)}`];
  }
  // The message begins with the code.
  if (log.fault)
    return [oneLine(log.fault.message.slice(log.fault.code.length)).replace(/^: /, '')];
  return fault ? [oneLine(fault)] : [];
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

function timing({ source, log, durationMs }: ServedRequest): string {
  const introspections = log.introspectionsMs.map((ms) => `introspection ${milliseconds(ms)}`);
  const from = introspections.length > 0 ? introspections : [source ? SOURCES[source] : ''];
  return [...from.filter(Boolean), milliseconds(durationMs)].join(' · ');
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}

/** Returns a path without characters that a terminal interprets. */
function printable(path: string): string {
  return path.replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character));
}
