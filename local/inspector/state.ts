import { APPLICATION_WITHOUT_SCOPE, APPLICATIONS } from '../authorization-server/applications';
import type { LocalStack } from '../stack/local-stack';
import type { Sandbox } from '../stack/sandbox';
import type { StateEvent } from './events/model';

/** Reads the state of a stack and, with a sandbox, of its authorization server. */
export async function readState(
  stack: LocalStack,
  sandbox: Sandbox | undefined,
  actions: readonly string[],
): Promise<StateEvent> {
  const { tables, apis } = stack;
  return {
    kind: 'state',
    apis: apis.map(({ name, url, routes }) => ({
      name,
      url: url.origin,
      routes: routes.map(({ route }) => route),
    })),
    actions,
    ...(sandbox
      ? {
          applications: Object.entries(APPLICATIONS).map(([name, { scopes }]) => ({
            name,
            scopes,
          })),
          applicationWithoutScope: APPLICATION_WITHOUT_SCOPE,
          authorizationServer: {
            issuer: sandbox.authorizationServer.issuer,
            running: sandbox.authorizationServer.running(),
          },
        }
      : { applications: [] }),
    table: { working: !tables.outage.active, items: await tables.countItems() },
    resultCache: { results: stack.cachedResults() },
    memoryCache: { environments: stack.environments() },
  };
}
