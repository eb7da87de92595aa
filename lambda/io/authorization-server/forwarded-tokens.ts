import { type ResponseRules, readIntrospectionResponse } from '../../core/introspection-response';
import { parseTokenInfo } from '../../core/phantom-token';
import type { PhantomTokenSource } from '../../core/ports';

/**
 * Source of the phantom tokens that the authorization server issues with its responses.
 *
 * @param isSignatureGood verifies a phantom token; `undefined` if only the upstream API does.
 */
export function createForwardedTokens(
  rules: ResponseRules,
  isSignatureGood: ((jwt: string) => Promise<boolean>) | undefined,
): PhantomTokenSource {
  return {
    async obtain(response) {
      const introspection = readIntrospectionResponse(response, rules);
      if ('invalid' in introspection || isSignatureGood === undefined) return introspection;
      if (await isSignatureGood(introspection.facts.jwt)) return introspection;
      return { invalid: 'signature_invalid', freshness: introspection.freshness };
    },
    parse: (text) => parseTokenInfo(text, rules.types),
  };
}
