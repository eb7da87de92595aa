import { findJwt } from './jwt';
import { isAuthorizerEvent, type Observed } from './observed';

/** Keys of the authorizer's context with the phantom token. `lambda/contract.ts` documents them. */
const CONTEXT_KEYS = ['authorization', 'jwt'];

/**
 * Returns the phantom token: that of the authorizer's result, of the result that is replayed, or of the introspection.
 * Headers can contain other JWTs, such as DPoP proofs.
 */
export function phantomTokenOf({
  exchange,
  replayed,
  introspections,
}: Observed): string | undefined {
  const texts = [
    ...exchange.ports.functionCalls
      .filter(({ event }) => isAuthorizerEvent(event))
      .flatMap(({ result }) => ('payload' in result ? contextValues(result.payload) : [])),
    ...(replayed?.jwt === undefined ? [] : [replayed.jwt]),
    ...introspections.map(({ response }) => response.body),
  ];
  return texts.map(findJwt).find((jwt) => jwt !== undefined);
}

/** Returns the values of an authorizer's context that can be the phantom token, those of other authorizers last. */
function contextValues(result: unknown): readonly string[] {
  const { context } = { ...(result as { context?: Readonly<Record<string, unknown>> } | null) };
  const values = [...CONTEXT_KEYS.map((key) => context?.[key]), ...Object.values(context ?? {})];
  return values.filter((value) => typeof value === 'string');
}
