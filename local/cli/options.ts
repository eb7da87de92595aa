import { Option } from 'commander';
import { printNotice } from '../../terminal/progress';
import { styleOf } from '../../terminal/style';
import { UsageError } from '../../terminal/user-error';
import { columnsOf } from '../../terminal/wrap';
import { LOG_FORMATS, type LogFormat } from '../requests/log-format';
import type * as RequestLogModule from '../requests/request-log';

/** Creates the option `--port`. */
export function portOption(description: string): Option {
  return new Option('--port <number>', description).argParser((text) =>
    wholeNumber('--port', text, 0, 65_535),
  );
}

/** Creates the option `--inspector-port`. */
export function inspectorPortOption(description: string): Option {
  return new Option('--inspector-port <number>', description).argParser((text) =>
    wholeNumber('--inspector-port', text, 0, 65_535),
  );
}

/** Creates the option `--log`. */
export function logOption(): Option {
  return new Option(
    '--log <format>',
    'one line for each request, or the log lines of the functions',
  )
    .choices(LOG_FORMATS)
    .default('pretty');
}

/** Creates the log on standard error. */
export function requestLog(format: LogFormat): RequestLogModule.RequestLog {
  // Options can be faulty; the log reads lines with a package that loads slowly.
  const { createRequestLog }: typeof RequestLogModule = require('../requests/request-log');
  const { stderr } = process;
  return createRequestLog(format, printNotice, styleOf(stderr), () => columnsOf(stderr));
}

/**
 * Parses the number of an option.
 *
 * @throws UsageError if it is not a whole number in the range.
 */
export function wholeNumber(option: string, text: string, from: number, to: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to) return value;
  throw new UsageError(`${option} must be a number from ${from} to ${to}, got: ${text}`);
}

/** Adds the value of an option that can be repeated. */
export function collect(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text];
}
