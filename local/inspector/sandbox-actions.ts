import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { APPLICATIONS, type ApplicationName } from '../authorization-server/applications';
import { requestAccessToken, revokeAccessToken } from '../authorization-server/client';
import type { Sandbox } from '../stack/sandbox';
import { ActionError, type Actions, action, actionWith } from './actions';

/** Maximum number of tokens whose application is remembered. */
const MAX_TOKENS = 1000;

const names = Object.keys(APPLICATIONS) as ApplicationName[];

const getTokenSchema = z.strictObject({ application: z.enum(names) });
const revokeSchema = z.strictObject({ token: z.string().min(1) });

/** Returns the actions that take the embedded authorization server. Client secrets stay in this process. */
export function sandboxActions({ authorizationServer, stack }: Sandbox): Actions {
  const { tokenEndpoint, revocationEndpoint, clients } = authorizationServer;
  const applicationOf = new LRUCache<string, ApplicationName>({ max: MAX_TOKENS });
  return {
    'get-token': actionWith(getTokenSchema, async ({ application }) => {
      assertRunning();
      const scope = APPLICATIONS[application].scopes.join(' ');
      const token = await requestAccessToken(tokenEndpoint, clients[application], scope);
      applicationOf.set(token, application);
      return { effect: `${application} got an access token with the scope "${scope}"`, token };
    }),
    'revoke-token': actionWith(revokeSchema, async ({ token }) => {
      assertRunning();
      const application = applicationOf.get(token);
      if (application === undefined) throw new ActionError('the token was not requested here');
      await revokeAccessToken(revocationEndpoint, clients[application], token);
      return { effect: `Revoked a token of ${application}. Caches can still have it` };
    }),
    'stop-authorization-server': action(async () => {
      await authorizationServer.stop();
      return 'Stopped the authorization server';
    }),
    'start-authorization-server': action(async () => {
      if (!authorizationServer.running()) await authorizationServer.start();
      return 'Started the authorization server';
    }),
    'rotate-secret': action(async () => {
      const { clientId, clientSecret } = await authorizationServer.rotateGatewaySecret();
      stack.putCredentials(JSON.stringify({ client_id: clientId, client_secret: clientSecret }));
      return "Rotated the introspection client's secret: the former one is rejected";
    }),
  };

  function assertRunning(): void {
    if (!authorizationServer.running()) {
      throw new ActionError('the authorization server is stopped');
    }
  }
}
