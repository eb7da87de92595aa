import type { HttpResponse } from '../../lambda/core/http-response';
import type { MintRules } from '../../lambda/core/minted-claims';
import {
  createMintedTokens,
  type MintedTokensOptions,
} from '../../lambda/io/authorization-server/minted-tokens';
import { createLocalSigner, loadSigningKeys } from '../../lambda/io/signing/local-signer';
import { createPrivateJwk } from './signing-keys';
import { NOW } from './tokens';

/** Rules of a deployment that mints. */
export const MINT_RULES: MintRules = {
  issuer: 'https://api.example.com',
  audience: ['orders'],
  lifetimeSeconds: 420,
  subject: undefined,
  claims: {},
};

/** Returns the text of a signing secret, with new keys in place of those that are not given. */
export function signingSecret(keys: Readonly<Record<string, unknown>> = {}): string {
  const made = { current: createPrivateJwk(), next: createPrivateJwk(), rotated_at: NOW - 60 };
  return JSON.stringify({ ...made, ...keys });
}

/** Returns a signer with the keys of a secret that does not change. */
export function signerOf(text = signingSecret()) {
  const keys = loadSigningKeys(text);
  return createLocalSigner({ get: async () => keys, reread: async () => keys });
}

/** Returns the source of minted tokens with a frozen clock. */
export function mintedTokens(options: Partial<MintedTokensOptions> = {}) {
  return createMintedTokens({
    rules: MINT_RULES,
    untyped: 'refuse',
    signedResponses: undefined,
    signer: signerOf(),
    now: () => NOW,
    ...options,
  });
}

export function httpResponse(body: unknown, type = 'application/json', status = 200): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'content-type': type }, body: Buffer.from(text) };
}
