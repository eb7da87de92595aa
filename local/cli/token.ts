import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { createCommand } from '../../terminal/command';
import { callerDirectory, invocation } from '../../terminal/invocation';
import { UsageError, UserError } from '../../terminal/user-error';
import { APPLICATIONS, CERTIFICATE_BOUND_APPLICATION } from '../authorization-server/applications';
import {
  RejectedTokenRequestError,
  requestAccessToken,
  type TokenBinding,
} from '../authorization-server/client';
import type * as DpopKey from '../authorization-server/dpop-key';
import type { ClientTls } from '../authorization-server/post-form';
import { developmentSecret, TOKEN_ENDPOINT } from './development';

interface TokenOptions {
  readonly endpoint: string;
  readonly dpop?: string;
  readonly request: string;
  readonly certificates?: string;
}

/** Creates the command `token`. */
export function tokenCommand(): Command {
  const applications = { ...APPLICATIONS, ...CERTIFICATE_BOUND_APPLICATION };
  const clients = Object.entries(applications).map(
    ([id, { scopes }]) => `  ${id.padEnd(14)} ${scopes.join(' ')}`,
  );
  return createCommand('token', 'Prints an access token of the authorization server of start.')
    .argument('<client>', 'client id')
    .argument('[scope...]', 'scopes to request')
    .option('--endpoint <url>', 'token endpoint', TOKEN_ENDPOINT)
    .option(
      '--dpop <url>',
      'prints the headers of a request to that URL instead, with a token that is bound to a new ' +
        'key and a DPoP proof: pipe them to curl -H @-',
    )
    .option('-X, --request <method>', 'method of that request', 'GET')
    .option(
      '--certificates <directory>',
      'presents client.pem of the directory that local mode prints, for a bound token',
    )
    .addHelpText('after', `\nClients and their scopes:\n${clients.join('\n')}`)
    .action(async (client: string, scopes: readonly string[], options: TokenOptions) => {
      console.log(await output(client, scopes.join(' '), options));
    });
}

/** Returns the access token, or the headers of a request with it. */
async function output(client: string, scope: string, options: TokenOptions): Promise<string> {
  const { dpop: url, request: method, certificates, endpoint } = options;
  if (!isHttpUrl(endpoint)) throw new UsageError(`--endpoint must be a URL, got: ${endpoint}`);
  const tls = certificates === undefined ? undefined : readClientTls(certificates);
  if (url === undefined) return accessToken(client, scope, options, { tls });
  if (!isHttpUrl(url)) throw new UsageError(`--dpop must be a URL, got: ${url}`);
  const { createDpopKey }: typeof DpopKey = require('../authorization-server/dpop-key');
  const dpopKey = await createDpopKey();
  const token = await accessToken(client, scope, options, { tls, dpopKey });
  return `Authorization: DPoP ${token}\nDPoP: ${await dpopKey.proof(method, url, token)}`;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

function readClientTls(directory: string): ClientTls {
  const read = (name: string) => {
    const file = join(resolve(callerDirectory(process.env), directory), name);
    try {
      return readFileSync(file, 'utf8');
    } catch {
      throw new UsageError(`--certificates must be a directory with ${name}, got: ${directory}`);
    }
  };
  return { cert: read('client.pem'), key: read('client-key.pem'), ca: read('ca.pem') };
}

/** @throws UserError if the authorization server does not run or rejects the request. */
async function accessToken(
  clientId: string,
  scope: string,
  { endpoint }: TokenOptions,
  binding: TokenBinding,
): Promise<string> {
  const client = { clientId, clientSecret: developmentSecret(clientId) };
  try {
    return await requestAccessToken(endpoint, client, scope === '' ? undefined : scope, binding);
  } catch (error) {
    throw new UserError(failure(error as NodeJS.ErrnoException, clientId, endpoint), {
      cause: error,
    });
  }
}

function failure(error: NodeJS.ErrnoException, clientId: string, endpoint: string): string {
  const { message, code } = error;
  if (code === 'ECONNREFUSED') {
    return `no authorization server at ${endpoint}: run ${invocation('start')} first`;
  }
  if (error instanceof RejectedTokenRequestError) {
    return `${message} for the client ${clientId}: ${invocation('token', '--help')} lists the clients`;
  }
  return `no token from ${endpoint}: ${message}`;
}
