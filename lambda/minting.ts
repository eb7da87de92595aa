import { publishedKeysOnly } from './cache/published-keys';
import type { ClientCredentials } from './core/client-credentials';
import type { AuthorizerConfig } from './core/config';
import type { MintConfig } from './core/mint-config';
import type { PhantomTokenSigner } from './core/ports';
import { createMintedTokens } from './io/authorization-server/minted-tokens';
import { createCachedSecret } from './io/aws/cached-secret';
import type { AwsClient } from './io/aws/client';
import type { Environment } from './io/aws/endpoint';
import { createKms } from './io/aws/services';
import { createKmsSigner } from './io/signing/kms-signer';
import { createLocalSigner, loadSigningKeys } from './io/signing/local-signer';

interface MintingOptions {
  readonly mint: MintConfig;
  readonly introspection: Pick<AuthorizerConfig['introspection'], 'response'>;
  readonly token: Pick<AuthorizerConfig['token'], 'issuer'>;
  readonly environment: Environment;
  readonly secretsManager: AwsClient;
  readonly credentials: () => Promise<ClientCredentials>;
  /** Verifies what the authorization server signed; `undefined` without `token.jwksUri`. */
  readonly isSignatureGood: ((jwt: string) => Promise<boolean>) | undefined;
  /** Reports when the current key began to sign, in epoch seconds. */
  readonly onKeys: (rotatedAt: number | undefined) => void;
  /** Epoch seconds. */
  readonly now: () => number;
  /** Seconds of a clock that never steps back. */
  readonly steadyNow: () => number;
}

/** Composes the minting of phantom tokens. Loaded only where it is configured. */
export function createMinting(options: MintingOptions) {
  const { mint, introspection, token, credentials, isSignatureGood, now } = options;
  const signer = createSigner(options);
  // Prefetched, like the client credentials. Errors surface on first use.
  signer.ready().catch(() => undefined);
  return {
    source: createMintedTokens({
      rules: mint,
      untyped: introspection.response.untyped ?? 'refuse',
      signedResponses:
        mint.response === 'signed'
          ? {
              // Without keys nothing is verified, and nothing passes.
              isSignatureGood: isSignatureGood ?? (async () => false),
              parties: async () => ({
                issuer: token.issuer,
                clientId: (await credentials()).clientId,
              }),
            }
          : undefined,
      signer,
      now,
    }),
    guard: (caches: Parameters<typeof publishedKeysOnly>[0]) => publishedKeysOnly(caches, signer),
  };
}

function createSigner(options: MintingOptions): PhantomTokenSigner {
  const { mint, environment, secretsManager, onKeys, steadyNow: now } = options;
  if ('kmsKeyArn' in mint.key) return createKmsSigner(createKms(environment), mint.key.kmsKeyArn);
  return createLocalSigner(
    createCachedSecret({
      secretsManager,
      secretArn: mint.key.secretArn,
      parse(text) {
        const keys = loadSigningKeys(text);
        onKeys(keys.rotatedAt);
        return keys;
      },
      unavailable: 'signing_keys_unavailable',
      now,
    }),
  );
}
