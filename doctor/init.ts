import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { configFaults } from '../lib/stack/config/config-faults';
import { deploymentConfigSchema } from '../lib/stack/config/schema';
import { callerPath, parseOptions, reportUsage, UsageError } from './arguments';
import { initialConfig } from './init/initial-config';
import { given } from './init/questions';
import { verdict } from './init/verdict';
import { discover } from './probes/metadata';

const USAGE = `usage: npm run init -- [--issuer URL] [--upstream URL] [--audience VALUE]
                       [--output FILE] [--force]

Writes a config file for an authorization server, from its discovery document.
On a terminal it asks for the issuer and the upstream if they are not given.

  --issuer URL      issuer of the access tokens
  --upstream URL    base URL of the upstream API
  --audience VALUE  value that the audience of tokens must contain
  --output FILE     config file to write; config.json by default
  --force           replaces the file if it exists
  --help            prints this text

Exit status: 0 written, 1 the server does not work, 2 wrong usage.`;

/** `npm run init -- [--issuer URL] [--upstream URL] [--audience VALUE] [--output FILE] [--force]` */
async function init(args: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = parseOptions(args, {
    ...{ issuer: text, upstream: text, audience: text, output: text },
    ...{ force: flag, help: flag },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const name = options.output ?? 'config.json';
  const file = callerPath(name);
  if (existsSync(file) && !options.force) {
    throw new UsageError(`${name} exists: use --force to replace it, or --output`);
  }
  const issuer = await given('issuer', options.issuer, 'Issuer of the access tokens');
  const upstream = await given('upstream', options.upstream, 'URL of the upstream API');
  const { document, urls } = await discover({ issuer, endpoint: undefined, ca: undefined });
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
    schema: schemaPath(file),
  });
  const { error } = deploymentConfigSchema({ local: true }).safeParse(config);
  if (error) throw new UsageError(configFaults(error.issues, config).join('\n'));
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  console.log(report(name, issuer, document.issuer, verdict(document)).join('\n'));
}

function notFound(issuer: string, urls: readonly URL[]): string {
  const places = urls.map(({ href }) => `  ${href}`).join('\n');
  return places === ''
    ? `The issuer must be an https: URL, got: ${issuer}`
    : `No discovery document was found. Is the issuer right? It was looked for at\n${places}\nWithout one, copy config.example.json and edit it.`;
}

function report(file: string, issuer: string, stated: string, sentences: readonly string[]) {
  return [
    `${file} is written.`,
    ...(issuer === stated ? [] : [`The issuer is ${stated}, as the server has it.`]),
    '',
    ...sentences,
    '',
    'Next, with the credentials of a client that can introspect:',
    `  INTROSPECTION_CLIENT_ID=… INTROSPECTION_CLIENT_SECRET=… npm run doctor -- --config ${file}`,
  ];
}

/** Returns the path of the published JSON Schema, relative to the directory of a config file. */
function schemaPath(file: string): string {
  const path = relative(dirname(file), join(__dirname, '..', 'config.schema.json'));
  return path.startsWith('.') ? path : `./${path}`;
}

init(process.argv.slice(2)).catch((error) => reportUsage(error, USAGE));
