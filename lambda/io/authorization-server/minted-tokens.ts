import { randomUUID } from 'node:crypto';
import { readClaims } from '../../core/claims';
import { invalidResponse } from '../../core/errors';
import type { HttpResponse } from '../../core/http-response';
import type { JsonObject } from '../../core/json';
import { type MintRules, mintDenial, mintedClaims } from '../../core/minted-claims';
import { mintedTokenInfo, readMintedToken } from '../../core/minted-token';
import { parseTokenText, pickClaims } from '../../core/phantom-token';
import type { PhantomTokenSigner, PhantomTokenSource } from '../../core/ports';
import { activeMembers, freshnessOf, readJsonResponse } from '../../core/response-members';
import {
  nestedResponse,
  readSignedResponse,
  type SignedResponseParties,
} from '../../core/signed-response';
import type { Untyped } from '../../core/token-kind';

/** Verification of signed introspection responses. */
export interface SignedResponses {
  /** Returns whether the authorization server signed a JWS. */
  readonly isSignatureGood: (jws: string) => Promise<boolean>;
  /** Returns the server and the client that a response has to name. */
  readonly parties: () => Promise<SignedResponseParties>;
}

export interface MintedTokensOptions {
  readonly rules: MintRules;
  readonly untyped: Untyped;
  /** `undefined` for plain JSON responses. */
  readonly signedResponses: SignedResponses | undefined;
  readonly signer: PhantomTokenSigner;
  /** Epoch seconds. */
  readonly now: () => number;
}

/** Source of the phantom tokens that this deployment mints for JSON responses, plain or signed. */
export function createMintedTokens(options: MintedTokensOptions): PhantomTokenSource {
  const { rules, untyped, signedResponses, signer, now } = options;

  async function read(response: HttpResponse): Promise<JsonObject | undefined> {
    if (signedResponses === undefined) return readJsonResponse(response);
    const jws = readSignedResponse(response);
    if (!(await signedResponses.isSignatureGood(jws))) {
      throw invalidResponse('the signature of the signed response is bad');
    }
    return nestedResponse(jws, await signedResponses.parties(), now());
  }

  return {
    async obtain(response) {
      const freshness = freshnessOf(response);
      const members = response.status === 204 ? undefined : activeMembers(await read(response));
      if (members === undefined) return { invalid: 'token_inactive', freshness };
      const stated = readClaims(pickClaims(members));
      const denial = mintDenial(members, stated, untyped, now());
      if (denial !== undefined) return { ...denial, freshness };
      const claims = mintedClaims(members, stated, rules, { now: now(), jti: randomUUID() });
      return { facts: mintedTokenInfo(await signer.sign(claims), claims, members), freshness };
    },
    parse(text) {
      const { jwt, responseClaims = {} } = parseTokenText(text);
      const facts = readMintedToken(jwt, responseClaims);
      return facts.keyId !== undefined && signer.isPublished(facts.keyId) ? facts : undefined;
    },
  };
}
