import type { RequiredClaim } from './claims';
import type { AuthorizerConfig } from './config';

/** Returns the claims that are checked for an API, so that a token without one of them is denied there. */
export function requiredClaims({
  token,
  scopeRules,
}: Pick<AuthorizerConfig, 'token' | 'scopeRules'>): readonly RequiredClaim[] {
  const checksAudience =
    token.audience.length > 0 ||
    [...scopeRules.values()].some(
      ({ audience, conditions }) =>
        audience !== undefined || [...conditions.values()].some((it) => it.audience !== undefined),
    );
  return [
    ...(token.issuer === undefined ? [] : (['iss'] as const)),
    ...(checksAudience ? (['aud'] as const) : []),
  ];
}
