import { Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, Grant, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { SigningVariable } from '../../lambda/contract';
import type { ISigningKeys } from './signing-keys';

/** Props of {@link SigningKmsKey}. */
export interface SigningKmsKeyProps {
  /**
   * The key that signs: `ECC_NIST_P256`, for signatures.
   *
   * @default - a new key, whose policy denies signing to all principals but the roles of the functions that mint
   */
  readonly key?: IKey;
  /**
   * Keys of the same kind that are published in addition: the one that signed before, and the one that signs
   * next.
   *
   * @default - none
   */
  readonly publishedKeys?: readonly IKey[];
}

/**
 * Signing key in AWS KMS. The private key cannot be copied, and CloudTrail records each signature. A signature takes
 * a call of KMS, which counts toward a quota of the account and has a price.
 *
 * KMS does not rotate asymmetric keys. To replace the key, publish another one in `publishedKeys`, and exchange
 * them when all upstreams have read the key set.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 */
export class SigningKmsKey extends Construct implements ISigningKeys {
  readonly signer: Readonly<Record<string, string>>;
  readonly publisher: Readonly<Record<string, string>>;
  readonly rotationDays = undefined;
  /** The key that signs. */
  readonly key: IKey;

  private readonly publishedKeys: readonly IKey[];
  /** ARNs of the roles that can sign. */
  private readonly signers: string[] = [];

  constructor(scope: Construct, id: string, { key, publishedKeys = [] }: SigningKmsKeyProps = {}) {
    super(scope, id);
    this.key = key ?? this.createKey();
    this.publishedKeys = [this.key, ...publishedKeys];
    this.signer = { [SigningVariable.kmsKeyArn]: this.key.keyArn };
    this.publisher = {
      [SigningVariable.publishedKmsKeyArns]: Stack.of(this).toJsonString(
        this.publishedKeys.map(({ keyArn }) => keyArn),
      ),
    };
  }

  grantSign(role: IRole): void {
    this.signers.push(role.roleArn);
    Grant.addToPrincipal({
      grantee: role,
      // The function publishes the key's thumbprint as `kid`.
      actions: ['kms:GetPublicKey', 'kms:Sign'],
      resourceArns: [this.key.keyArn],
    });
  }

  grantReadPublicKeys(role: IRole): void {
    Grant.addToPrincipal({
      grantee: role,
      actions: ['kms:GetPublicKey'],
      resourceArns: this.publishedKeys.map(({ keyArn }) => keyArn),
    });
  }

  private createKey(): Key {
    const key = new Key(this, 'Key', {
      description: 'Signs phantom tokens',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['kms:Sign'],
        resources: ['*'],
        conditions: {
          ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.signers }) },
        },
      }),
    );
    return key;
  }
}
