/**
 * Embedded authorization server outside of jest's sandbox, since oidc-provider recognizes plain objects by their
 * constructor. `global-setup.ts` compiles it, and `authorization-server.ts` loads it.
 */
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from '../../local/authorization-server/authorization-server';
import { generateSigningKey } from '../../local/authorization-server/signing-key';

const APPLICATIONS = {
  shop: { scopes: ['read', 'orders:read'] },
  brief: { scopes: ['read'], accessTokenTtlSeconds: 2 },
};

/** Key of all servers of a worker. Generating one takes ten times as long as the rest of a start. */
const signingKey = generateSigningKey();

/** Starts a server. The options are JSON, from which objects of this realm are made. */
export async function start(options = '{}'): Promise<AuthorizationServer<'shop' | 'brief'>> {
  return startAuthorizationServer({
    audience: 'api.local',
    applications: APPLICATIONS,
    signingKey: await signingKey,
    ...JSON.parse(options),
  });
}

/** Clock of the servers. */
export const clock: Pick<DateConstructor, 'now'> = Date;
