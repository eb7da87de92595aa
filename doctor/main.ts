import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { callerPath, parseOptions, reportUsage, UsageError } from './arguments';
import { isFaulty } from './check';
import { diagnose } from './diagnose';
import { confidentialMembers, redact } from './output/redact';
import { table } from './output/table';

const USAGE = `usage: npm run doctor -- --config FILE [--token-file FILE|-] [--json]

Checks a config file against its servers. The credentials of the introspection
client come from INTROSPECTION_CLIENT_ID and INTROSPECTION_CLIENT_SECRET, or as
the JSON of the secret from INTROSPECTION_CREDENTIALS.

  --config FILE      config file
  --token-file FILE  file with an access token to decide about; - is standard
                     input
  --json             prints JSON instead of a table (npm run --silent doctor)
  --help             prints this text

Exit status: 0 no fault, 1 a fault, 2 wrong usage.`;

/** `npm run doctor -- --config FILE [--token-file FILE|-] [--json]` */
async function doctor(args: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { config: text, 'token-file': text, json: flag, help: flag };
  const { config, 'token-file': tokenFile, json, help } = parseOptions(args, options);
  if (help) {
    console.log(USAGE);
    return;
  }
  if (config === undefined) throw new UsageError('--config is required');
  const secret = secretFrom(process.env);
  const accessToken = tokenFile === undefined ? undefined : await readToken(tokenFile);
  const found = await diagnose({ configFile: callerPath(config), secret, accessToken });
  const checks = redact(found, [...confidentialMembers(secret), accessToken ?? '']);
  console.log(json ? JSON.stringify({ checks }) : table(checks, hasColors()));
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

function hasColors(): boolean {
  const { stdout } = process;
  return stdout.isTTY === true && stdout.hasColors();
}

doctor(process.argv.slice(2)).catch((error) => reportUsage(error, USAGE));
