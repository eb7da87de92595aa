import { Annotations, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { keySetsOf } from '../signing/key-set';
import type { PhantomTokenMinting } from './minting';

/** Adds a warning if no protection publishes the keys of minted tokens, or upstreams find them by another issuer. */
export function warnOfKeySets(authorizerFunction: IConstruct, mint: PhantomTokenMinting): void {
  const keySets = keySetsOf(mint.keys);
  if (!keySets.some(({ isPublished }) => isPublished)) {
    Annotations.of(authorizerFunction).addWarningV2(
      'phantom-token-authorizer:unpublished-keys',
      'no protection of this app publishes the keys of mint.keys, by which upstreams verify minted tokens: call publishKeySet(new KeySet(…)) of a protection. Acknowledge phantom-token-authorizer:unpublished-keys if an integration of your own serves the lambdaFunction of the KeySet, or another app the keys.',
    );
  }
  for (const { node, issuer } of keySets.filter((it) => differ(it.issuer, mint.issuer))) {
    Annotations.of(authorizerFunction).addWarningV2(
      `phantom-token-authorizer:key-set-issuer:${node.path}`,
      `issuer of ${node.path} must be mint.issuer, ${JSON.stringify(mint.issuer)}, which the tokens state, got: ${JSON.stringify(issuer)}.`,
    );
  }
}

/** Returns whether two issuers differ. Clients compare them character by character. */
function differ(one: string, other: string): boolean {
  return !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}
