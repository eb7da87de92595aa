import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { configFaults } from '../lib/stack/config/config-faults';
import { deploymentConfigSchema } from '../lib/stack/config/schema';
import { callerPath, invocation } from '../terminal/invocation';
import { withProgress } from '../terminal/progress';
import { IS_PACKED, PROJECT } from '../terminal/project';
import { UsageError } from '../terminal/user-error';
import { initialConfig } from './init/initial-config';
import { given } from './init/questions';
import { verdict } from './init/verdict';
import { discover } from './probes/metadata';

/** Options of `init`. */
export interface InitOptions {
  readonly issuer?: string;
  readonly upstream?: string;
  readonly audience?: string;
  readonly output: string;
  readonly force?: boolean;
}

/** Writes a config file for an authorization server. Sets exit status 1 if the server does not work. */
export async function init(options: InitOptions): Promise<void> {
  const name = options.output;
  const file = callerPath(name);
  if (existsSync(file) && !options.force) {
    throw new UsageError(`${name} exists: use --force to replace it, or --output`);
  }
  const issuer = await given('issuer', options.issuer, 'Issuer of the access tokens');
  const upstream = await given('upstream', options.upstream, 'URL of the upstream API');
  const { document, urls } = await withProgress('Reading the discovery document', () =>
    discover({ issuer, endpoint: undefined, ca: undefined }),
  );
  const endpoint = document?.introspectionEndpoint;
  if (document === undefined || endpoint === undefined) {
    console.error(document ? verdict(document).join('\n') : notFound(issuer, urls));
    process.exitCode = 1;
    return;
  }
  const config = initialConfig({
    metadata: { ...document, introspectionEndpoint: endpoint },
    upstream,
    audience: options.audience,
    // npx keeps a package in a directory of one machine, and of one version.
    schema: IS_PACKED ? undefined : schemaPath(file),
  });
  const { error } = deploymentConfigSchema({ local: true }).safeParse(config);
  if (error) throw new UsageError(configFaults(error.issues, config).join('\n'));
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  console.log(report(name, issuer, document.issuer, verdict(document)).join('\n'));
}

/** Example of a config, as the caller reaches it. */
const EXAMPLE = IS_PACKED ? join(PROJECT, 'config.example.json') : 'config.example.json';

function notFound(issuer: string, urls: readonly URL[]): string {
  const places = urls.map(({ href }) => `  ${href}`).join('\n');
  return places === ''
    ? `The issuer must be an https: URL, got: ${issuer}`
    : `No discovery document was found. Is the issuer right? It was looked for at\n${places}\nWithout one, copy ${EXAMPLE} and edit it.`;
}

function report(file: string, issuer: string, stated: string, sentences: readonly string[]) {
  return [
    `${file} is written.`,
    ...(issuer === stated ? [] : [`The issuer is ${stated}, as the server has it.`]),
    '',
    ...sentences,
    '',
    'Next, with the credentials of a client that can introspect:',
    `  INTROSPECTION_CLIENT_ID=… INTROSPECTION_CLIENT_SECRET=… \\\n    ${invocation('doctor', `--config ${file}`)}`,
  ];
}

/** Returns the path of the published JSON Schema, relative to the directory of a config file. */
function schemaPath(file: string): string {
  const path = relative(dirname(file), join(PROJECT, 'config.schema.json'));
  return path.startsWith('.') ? path : `./${path}`;
}
