import { createInterface } from 'node:readline/promises';
import { UsageError } from '../../terminal/user-error';

/**
 * Returns the value of an option, or asks for it on a terminal.
 *
 * @throws UsageError if it is not given and there is no terminal.
 */
export async function given(
  option: string,
  value: string | undefined,
  question: string,
): Promise<string> {
  if (value !== undefined) return value;
  if (!process.stdin.isTTY) throw new UsageError(`--${option} is required without a terminal`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question}: `)).trim();
  } finally {
    terminal.close();
  }
}
