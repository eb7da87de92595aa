import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { callerPath } from '../terminal/invocation';
import { withProgress } from '../terminal/progress';
import { styleOf } from '../terminal/style';
import { UsageError } from '../terminal/user-error';
import { isFaulty } from './check';
import { diagnose } from './diagnose';
import { confidentialMembers, redact } from './output/redact';
import { table } from './output/table';

/** Options of `doctor`. */
export interface DoctorOptions {
  readonly config?: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

/** Checks a config against its servers and prints the result. Sets exit status 1 if there is a fault. */
export async function doctor({ config, tokenFile, json }: DoctorOptions): Promise<void> {
  if (config === undefined) throw new UsageError('--config is required');
  const secret = secretFrom(process.env);
  const accessToken = tokenFile === undefined ? undefined : await readToken(tokenFile);
  const found = await withProgress('Checking', () =>
    diagnose({ configFile: callerPath(config), secret, accessToken }),
  );
  const checks = redact(found, [...confidentialMembers(secret), accessToken ?? '']);
  console.log(json ? JSON.stringify({ checks }) : table(checks, styleOf(process.stdout)));
  if (!json && checks.length > 1 && accessToken === undefined) {
    console.log('With --token-file FILE, doctor also decides about a real access token.');
  }
  process.exitCode = checks.some(isFaulty) ? 1 : 0;
}

/** Returns the JSON of the secret from the environment, as local mode does. */
function secretFrom(environment: NodeJS.ProcessEnv): string | undefined {
  const json = environment['INTROSPECTION_CREDENTIALS'];
  if (json) return json;
  const id = environment['INTROSPECTION_CLIENT_ID'];
  const secret = environment['INTROSPECTION_CLIENT_SECRET'];
  return id && secret ? JSON.stringify({ client_id: id, client_secret: secret }) : undefined;
}

/** @throws UsageError if the file cannot be read or is empty. */
async function readToken(file: string): Promise<string> {
  const reading = file === '-' ? textOf(process.stdin) : readFile(callerPath(file), 'utf8');
  const text = await reading.catch(() => {
    throw new UsageError(`--token-file must name a readable file, got: ${file}`);
  });
  const token = text.trim();
  if (token !== '') return token;
  throw new UsageError(`--token-file must contain an access token: ${file} is empty`);
}
