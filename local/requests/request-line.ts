import type { Format, Style } from '../../terminal/style';
import { WIDTH, wrap } from '../../terminal/wrap';
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

/**
 * Returns a request as a line: time, method, path, status, reason with what was compared, source and duration.
 * Advice and warnings follow on lines of their own.
 */
export function requestLine(request: ServedRequest, style: Style): string {
  const { receivedAtMs, method, path, status, log } = request;
  const time = new Date(receivedAtMs).toTimeString().slice(0, 8);
  const reason = reasonOf(request);
  const head = [
    style('dim', time),
    method,
    printable(path),
    style(statusFormat(status), String(status)),
    ...(reason ? [style('bold', reason)] : []),
  ].join(' ');
  const line = [head, detailOf(request), style('dim', timing(request))].filter(Boolean).join('  ');
  const { advice, cause } = log.fault ?? {};
  const further = [cause, advice, ...log.warnings.map((text) => `warning: ${text}`)];
  const wrapped = further
    .filter((text) => text !== undefined)
    .flatMap((text) => wrap(text, WIDTH - INDENT.length));
  return [line, ...wrapped.map((text) => `${INDENT}${text}`)].join('\n');
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
function detailOf({ log, fault }: ServedRequest): string {
  const { expected, received } = log;
  if (expected !== undefined) {
    const got = received === undefined ? '' : `got ${JSON.stringify(received)}, `;
    return `${got}expected ${JSON.stringify(expected)}`;
  }
  // The message begins with the code.
  if (log.fault) return log.fault.message.slice(log.fault.code.length).replace(/^: /, '');
  return fault ?? '';
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
