import { assertDuration, assertUrl, assertValid } from '../validation/prop-checks';
import { assertProp, PropError } from '../validation/prop-error';
import * as values from '../validation/shared-schemas';
import { assertAudience } from './audience';
import type { AuthorizerFunctionProps } from './authorizer-function-props';
import type { IntrospectionResponse } from './introspection-response';
import { UntypedTokens } from './minting';

/** @throws PropError if minting is faulty, or contradicts the format of the responses. */
export function assertMinting(
  { mint, untyped, issuer, jwksUri, clientAuthentication }: AuthorizerFunctionProps,
  response: IntrospectionResponse,
): void {
  const { mintedFrom: form } = response;
  assertProp(
    'untyped',
    untyped,
    'must not be refused if the introspection response is a JWT, which has no token_type',
    untyped !== UntypedTokens.REFUSE || form !== undefined || response.memberName !== undefined,
  );
  if (mint === undefined) {
    if (form === undefined) return;
    throw new PropError(
      `mint is required if introspectionResponse is ${form}, which has no phantom token`,
    );
  }
  if (form === undefined) {
    const got = response.memberName ? `member('${response.memberName}')` : 'jwt()';
    throw new PropError(
      `introspectionResponse must be IntrospectionResponse.json() or signed() with mint, got: ${got}`,
    );
  }
  if (form === 'signed') {
    for (const [prop, value] of Object.entries({ issuer, jwksUri })) {
      assertProp(prop, value, 'must be set if introspectionResponse is signed', Boolean(value));
    }
    if (clientAuthentication?.namesClient === false) {
      throw new PropError(
        'clientAuthentication must name a client, to which signed responses are addressed',
      );
    }
  }
  assertUrl('mint.issuer', mint.issuer);
  assertAudience(mint.audience);
  assertValid('mint.subject', mint.subject, values.nonEmpty, 'must not be empty');
  assertDuration('mint.lifetime', mint.lifetime, 's', values.mintLifetimeSeconds);
  for (const [claim, member] of Object.entries(mint.claims ?? {})) {
    assertValid('mint.claims', claim, values.mintedClaimName, values.MINTED_CLAIM_RULE);
    assertValid('mint.claims', member, values.mintableMember, values.MINTABLE_MEMBER_RULE);
  }
}
