import { Fault } from '../../core/errors';
import { printableEnds } from '../../core/printable';

/** Maximum length of a cause in a log line, in characters; certificates can list hundreds of host names. */
const MAX_CAUSE_LENGTH = 500;

/** Returns message and fields of a fault's log line. */
export function faultLine(error: unknown): [string, Record<string, unknown>] {
  if (!(error instanceof Fault)) {
    const code = 'internal_error';
    return [code, { code, ...causeFields(error) }];
  }
  const { code, advice, status, message } = error;
  return [message, { code, status, advice, ...causeFields(error.cause) }];
}

/** Returns name and message only: the error objects of HTTP clients can hold requests with credentials. */
export function causeFields(error: unknown): { readonly cause?: string } {
  if (!(error instanceof Error)) return {};
  return { cause: printableEnds(`${error.name}: ${textOf(error)}`, MAX_CAUSE_LENGTH) };
}

/** Returns the message of an error. Node.js leaves it empty if it tried several addresses of a host. */
function textOf(error: Error): string {
  if (!(error instanceof AggregateError)) return error.message || codeOf(error);
  const parts = error.errors.map((it) => (it instanceof Error ? it.message || codeOf(it) : ''));
  return [error.message, ...parts].filter((part) => part !== '').join('; ') || codeOf(error);
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
