import type { Command } from 'commander';
import { createCommand } from '../../terminal/command';
import { invocation } from '../../terminal/invocation';
import { UserError } from '../../terminal/user-error';
import { APPLICATIONS } from '../authorization-server/applications';
import { requestAccessToken } from '../authorization-server/client';
import { developmentSecret, TOKEN_ENDPOINT } from './development';

interface TokenOptions {
  readonly endpoint: string;
}

/** Creates the command `token`. */
export function tokenCommand(): Command {
  const clients = Object.entries(APPLICATIONS).map(
    ([id, { scopes }]) => `  ${id.padEnd(14)} ${scopes.join(' ')}`,
  );
  return createCommand('token', 'Prints an access token of the authorization server of start.')
    .argument('<client>', 'client id')
    .argument('[scope...]', 'scopes to request')
    .option('--endpoint <url>', 'token endpoint', TOKEN_ENDPOINT)
    .addHelpText('after', `\nClients and their scopes:\n${clients.join('\n')}`)
    .action(async (client: string, scopes: readonly string[], options: TokenOptions) => {
      console.log(await accessToken(client, scopes.join(' '), options));
    });
}

/** @throws UserError if the authorization server does not run or rejects the request. */
async function accessToken(
  clientId: string,
  scope: string,
  { endpoint }: TokenOptions,
): Promise<string> {
  const client = { clientId, clientSecret: developmentSecret(clientId) };
  try {
    return await requestAccessToken(endpoint, client, scope === '' ? undefined : scope);
  } catch (error) {
    const { message } = error as Error;
    throw new UserError(
      message === 'fetch failed'
        ? `no authorization server at ${endpoint}: run ${invocation('start').replace(/ --$/, '')} first`
        : `${message} for the client ${clientId}: ${invocation('token')} --help lists the clients`,
      { cause: error },
    );
  }
}
