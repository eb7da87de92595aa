import { readBearerCredential } from '../lambda/core/bearer-credential';
import { type ClientCredentials, parseClientCredentials } from '../lambda/core/client-credentials';
import type { AuthorizerConfig } from '../lambda/core/config';
import type { DeploymentConfig } from '../lib/stack/config/schema';
import { type Check, combine, type Finding, isFaulty } from './check';
import { checkConfig } from './checks/config';
import { checkCredentials, faultOfCredentials, missingCredentials } from './checks/credentials';
import { checkServers } from './checks/servers';
import { observe } from './probes/servers';
import { authorizerSettings } from './settings';

export interface GivenCredentials {
  /** JSON of the secret with the client credentials; `undefined` if they are not set. */
  readonly secret: string | undefined;
  /** Access token to decide about. @default - none */
  readonly accessToken?: string | undefined;
}

/** Checks a valid config against the live servers, in parallel and each with a deadline. */
export async function checkLive(
  config: DeploymentConfig,
  { secret, accessToken }: GivenCredentials,
): Promise<Check[]> {
  const settings = authorizerSettings(config);
  const now = Date.now() / 1000;
  const { credentials, findings } = await readCredentials(settings, secret, now);
  const hasToken = accessToken !== undefined;
  const isTokenMalformed = hasToken && 'denied' in bearerCredential(accessToken);
  const observations = await observe({
    settings,
    upstream: new URL(config.api.upstream),
    credentials,
    accessToken: isTokenMalformed ? undefined : accessToken,
  });
  return [
    combine('config', checkConfig(config)),
    combine('credentials', findings),
    ...checkServers(observations, { config, settings, now, hasToken, isTokenMalformed }),
  ];
}

function bearerCredential(accessToken: string) {
  return readBearerCredential({ headers: { authorization: `Bearer ${accessToken}` } });
}

/** Returns the credentials unless they cannot be used, and what was found out about them. */
async function readCredentials(
  settings: AuthorizerConfig,
  secret: string | undefined,
  now: number,
): Promise<{ credentials?: ClientCredentials; findings: readonly Finding[] }> {
  if (secret === undefined) return { findings: [missingCredentials()] };
  const { clientAuthentication } = settings.introspection;
  try {
    const credentials = parseClientCredentials(secret, clientAuthentication.method);
    const findings = await checkCredentials(credentials, clientAuthentication, now);
    return findings.some(isFaulty) ? { findings } : { credentials, findings };
  } catch (error) {
    return { findings: [faultOfCredentials(error)] };
  }
}
