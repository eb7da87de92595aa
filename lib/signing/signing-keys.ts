import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** Signature algorithms of minted phantom tokens. */
export enum SigningAlgorithm {
  /** ECDSA on P-256 with SHA-256. */
  ES256 = 'ES256',
  /** Ed25519. */
  EDDSA = 'EdDSA',
  /** RSASSA-PSS with SHA-256. */
  PS256 = 'PS256',
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  RS256 = 'RS256',
}

/** Keys that sign phantom tokens: {@link SigningKeysSecret} or {@link SigningKmsKey}. */
export interface ISigningKeys extends IConstruct {
  /** Environment variables by which a function finds the key that signs. */
  readonly signer: Readonly<Record<string, string>>;
  /** Environment variables by which a function finds the public keys. */
  readonly publisher: Readonly<Record<string, string>>;
  /** Time between two automatic rotations in days; `undefined` if there are none. */
  readonly rotationDays: number | undefined;
  /** Allows a role to sign with the keys. */
  grantSign(role: IRole): void;
  /** Allows a role to read the public keys. It cannot read a private key with this permission. */
  grantReadPublicKeys(role: IRole): void;
}
