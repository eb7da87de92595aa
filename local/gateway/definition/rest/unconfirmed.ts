import type { RouteNode } from '../route-tree';
import type { Method } from './method';
import { RESPONSE_TYPES, type ResponseType } from './response-types';
import type { RestApi } from './rest-api';

/**
 * Returns the behaviors that a REST API relies on although no recording from AWS shows them. The local
 * gateway imitates the likely one. `docs/local-mode.md` has a check of each, for a deployed API.
 */
export function unconfirmedOf({ root, gatewayResponses }: RestApi): readonly string[] {
  const replacing = methodsOf(root).filter(
    ({ integration }) =>
      integration.type === 'HTTP_PROXY' &&
      integration.headerMappings.some(([name]) => name.toLowerCase() === 'authorization'),
  );
  const responses = [...gatewayResponses];
  const contextual = responses.filter(([, { headers }]) =>
    headers.some(
      ([, source]) => source.from === 'context' && source.name.startsWith('authorizer.'),
    ),
  );
  const inheriting = responses.filter(
    ([type, { status }]) => status === undefined && defaultStatus(type) !== undefined,
  );
  return [
    ...(replacing.length > 0
      ? ["a mapping to Authorization replaces a client's authorization in another case"]
      : []),
    ...contextual.map(([type]) => `headers of ${type} can read the authorizer context`),
    ...inheriting.map(
      ([type]) => `${type} has no StatusCode and does not inherit that of its default response`,
    ),
  ];

  /** Returns the status of `DEFAULT_4XX` or `DEFAULT_5XX` for a type of its class. */
  function defaultStatus(type: string): number | undefined {
    const standard = RESPONSE_TYPES[type as ResponseType]?.status;
    if (standard === undefined || type.startsWith('DEFAULT_')) return undefined;
    return gatewayResponses.get(standard < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX')?.status;
  }
}

function methodsOf({ methods, children }: RouteNode<Method>): readonly Method[] {
  return [...methods.values(), ...children.flatMap(methodsOf)];
}
