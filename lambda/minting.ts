import { publishedKeysOnly } from './cache/published-keys';
import type { ClientCredentials } from './core/client-credentials';
import type { AuthorizerConfig } from './core/config';
import type { MintConfig } from './core/mint-config';
import type { PhantomTokenSigner } from './core/ports';
import { inDays, REPORT_INTERVAL_SECONDS } from './io/authorization-server/certificate-expiry';
import { createMintedTokens } from './io/authorization-server/minted-tokens';
import { createCachedSecret } from './io/aws/cached-secret';
import type { AwsClient } from './io/aws/client';
import type { Environment } from './io/aws/endpoint';
import { createKms } from './io/aws/services';
import { createKmsSigner } from './io/signing/kms-signer';
import { createLocalSigner, type LoadedKeys, loadSigningKeys } from './io/signing/local-signer';
import type { Telemetry } from './io/telemetry/telemetry';

interface MintingOptions {
  readonly mint: MintConfig;
  readonly introspection: Pick<AuthorizerConfig['introspection'], 'response'>;
  readonly token: Pick<AuthorizerConfig['token'], 'issuer'>;
  readonly environment: Environment;
  readonly secretsManager: AwsClient;
  readonly credentials: () => Promise<ClientCredentials>;
  /** Verifies what the authorization server signed; `undefined` without `token.jwksUri`. */
  readonly isSignatureGood: ((jwt: string) => Promise<boolean>) | undefined;
  readonly telemetry: Pick<Telemetry, 'recordSigningKeyAge'>;
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
    ready: signer.ready,
    guard: (caches: Parameters<typeof publishedKeysOnly>[0]) => publishedKeysOnly(caches, signer),
  };
}

function createSigner(options: MintingOptions): PhantomTokenSigner {
  const { mint, environment, secretsManager, steadyNow: now } = options;
  if ('kmsKeyArn' in mint.key) return createKmsSigner(createKms(environment), mint.key.kmsKeyArn);
  return createLocalSigner(
    createCachedSecret({
      secretsManager,
      secretArn: mint.key.secretArn,
      parse: loadSigningKeys,
      onRead: createKeyAgeReports(options),
      unavailable: 'signing_keys_unavailable',
      now,
    }),
  );
}

/** Creates the function that reports the age of the key that signs, once an hour. */
function createKeyAgeReports({ telemetry, now }: Pick<MintingOptions, 'telemetry' | 'now'>) {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return function report({ rotatedAt }: LoadedKeys): void {
    if (rotatedAt === undefined || now() < reportedAt + REPORT_INTERVAL_SECONDS) return;
    reportedAt = now();
    telemetry.recordSigningKeyAge(Math.max(0, inDays(now() - rotatedAt)));
  };
}
