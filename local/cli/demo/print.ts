import { decodeJwt, decodeProtectedHeader } from 'jose';
import { styleOf } from '../../../terminal/style';
import { WIDTH, wrap } from '../../../terminal/wrap';
import { type Observation, ORIGINS } from './observation';

const style = styleOf(process.stdout);

/** Columns before the text of a row. */
const INDENT = 18;

/** Prints a step of the demo: request, response and effects. */
export function printStep(
  number: number,
  title: string,
  observation: Observation,
  faults: readonly string[],
): void {
  const { sent, status, challenge, received, introspections, durationMs } = observation;
  const time = `${durationMs.toFixed(1)} ms`;
  const verdict = faults.length === 0 ? style('green', 'passed') : style('red', 'FAILED');
  console.log(`\n${style('bold', `${String(number).padStart(2)}  ${title}`)}`);
  printRow('client sent', sent ? describe(sent) : 'no Authorization header');
  printRow('client got', `${statusText(status)}${challenge ? ` ${challenge}` : ''}`);
  printRow('upstream got', received ? describe(received) : 'nothing: it was not called');
  if (received) printRow('', claims(received));
  printRow('decided by', ORIGINS[observation.origin]);
  printRow('', `${introspections} introspection${introspections === 1 ? '' : 's'}, ${time}`);
  for (const fault of faults) printRow('', style('red', fault));
  printRow('', verdict);
}

/** Prints a text, whose further lines are below its first one. */
function printRow(label: string, text: string): void {
  const [first, ...further] = wrap(text, WIDTH - INDENT);
  console.log(`    ${style('dim', label.padEnd(13))} ${first}`);
  for (const line of further) console.log(`${' '.repeat(INDENT)}${line}`);
}

function statusText(status: number): string {
  return style(status < 300 ? 'green' : 'yellow', String(status));
}

/** Describes a token by kind, first characters and length, which shows that it changed. */
function describe(authorization: string): string {
  const [, token] = /^Bearer +(.*)$/.exec(authorization) ?? [];
  if (token === undefined) return authorization;
  const jwt = isJwt(token);
  const shown = `Bearer ${token.length > 8 ? `${token.slice(0, 8)}…` : token}`;
  const kind = jwt ? 'JWT' : 'opaque';
  return `${style(jwt ? 'cyan' : 'magenta', shown)} ${kind}, ${token.length} characters`;
}

function claims(authorization: string): string {
  const jwt = authorization.replace(/^Bearer +/, '');
  const { iss, sub, aud, scope, exp } = decodeJwt(jwt);
  const { alg, typ } = decodeProtectedHeader(jwt);
  const json = JSON.stringify({ typ, alg, iss, sub, aud, scope, exp });
  return style('cyan', json.replaceAll(',"', ', "'));
}

function isJwt(token: string): boolean {
  try {
    return decodeProtectedHeader(token) !== undefined;
  } catch {
    return false;
  }
}
