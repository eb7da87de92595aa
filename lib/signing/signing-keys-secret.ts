import { Duration, Lazy, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import {
  AnyPrincipal,
  Effect,
  Grant,
  type IRole,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type IStringParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { SigningVariable } from '../../lambda/contract';
import { createBundledFunction } from '../cdk/bundled-function';
import { DEFAULTS } from '../validation/defaults';
import { assertDuration, assertValid } from '../validation/prop-checks';
import * as values from '../validation/shared-schemas';
import { type ISigningKeys, SigningAlgorithm } from './signing-keys';

/** Props of {@link SigningKeysSecret}. */
export interface SigningKeysSecretProps {
  /**
   * Algorithm of the keys that rotations make. After a change, the next rotation makes a key of the new
   * algorithm, and the one after that begins to sign with it.
   *
   * @default SigningAlgorithm.ES256
   */
  readonly algorithm?: SigningAlgorithm;
  /**
   * Time between two rotations, 4 to 1000 days.
   *
   * @default Duration.days(30)
   */
  readonly rotateAfter?: Duration;
  /**
   * Key that encrypts the secret.
   *
   * @default - the AWS managed key of Secrets Manager
   */
  readonly encryptionKey?: IKey;
}

/**
 * Signing keys in a secret of their own: `previous`, `current` and `next`. The deployment makes the keys, and a
 * rotation function replaces them by schedule. A key is published for a whole period before it signs, and
 * for another one after it. The public keys are in a parameter, so that the function that serves them cannot
 * read the private ones.
 *
 * The policy of the secret denies reading it to all principals but the roles that sign and the rotation function.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export class SigningKeysSecret extends Construct implements ISigningKeys {
  readonly signer: Readonly<Record<string, string>>;
  readonly publisher: Readonly<Record<string, string>>;
  readonly rotationDays: number;
  /** The secret with the private keys. */
  readonly secret: ISecret;
  /** The parameter with the public keys, a JWK set. */
  readonly keySet: IStringParameter;
  /** The function that rotates the keys. */
  readonly rotationFunction: LambdaFunction;

  /** ARNs of the roles that can read the secret. */
  private readonly readers: string[] = [];

  /** @throws PropError if a prop is out of bounds. */
  constructor(scope: Construct, id: string, props: SigningKeysSecretProps = {}) {
    super(scope, id);
    const { encryptionKey, algorithm = SigningAlgorithm.ES256 } = props;
    const { rotateAfter = Duration.days(DEFAULTS.signingKeyRotationDays) } = props;
    assertDuration('rotateAfter', rotateAfter, 'd', values.signingKeyRotationDays);
    assertValid(
      'algorithm',
      algorithm,
      values.signingAlgorithm,
      'must be one of ES256, EdDSA, PS256 and RS256',
    );
    this.rotationDays = rotateAfter.toDays();
    this.secret = new Secret(this, 'Secret', {
      description: 'Keys that sign phantom tokens (JSON); the rotation function makes them',
      // Not a secret: a value without keys, which the first rotation replaces. If it changed, an update of
      // the stack would overwrite the keys.
      secretStringValue: SecretValue.unsafePlainText('{}'),
      encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.keySet = new StringParameter(this, 'KeySet', {
      description: 'Public keys of phantom tokens (JWK set); the rotation function writes them',
      // See above: the first rotation replaces it.
      stringValue: '{"keys":[]}',
    });
    this.signer = { [SigningVariable.secretArn]: this.secret.secretArn };
    this.publisher = { [SigningVariable.keySetParameter]: this.keySet.parameterName };
    const rotation = new Construct(this, 'Rotation');
    this.rotationFunction = createBundledFunction(rotation, {
      bundle: 'rotation',
      description: 'Rotates the keys that sign phantom tokens',
      // Four calls of AWS APIs, and an RSA key.
      timeout: Duration.seconds(30),
      environment: {
        ...this.signer,
        ...this.publisher,
        [SigningVariable.algorithm]: algorithm,
      },
    });
    this.grantRotation(this.rotationFunction);
    this.secret.addToResourcePolicy(this.denyOtherReaders());
    this.addSchedule(rotation);
  }

  grantSign(role: IRole): void {
    this.grantRead(role);
  }

  grantReadPublicKeys(role: IRole): void {
    // grantRead would also allow to read its history.
    Grant.addToPrincipal({
      grantee: role,
      actions: ['ssm:GetParameter'],
      resourceArns: [this.keySet.parameterArn],
    });
  }

  private grantRead(role: IRole): void {
    this.readers.push(role.roleArn);
    // grantRead would also allow DescribeSecret.
    Grant.addToPrincipal({
      grantee: role,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [this.secret.secretArn],
    });
    this.secret.encryptionKey?.grantDecrypt(role);
  }

  private grantRotation({ role }: LambdaFunction): void {
    if (role === undefined) return;
    this.grantRead(role);
    Grant.addToPrincipal({
      grantee: role,
      actions: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resourceArns: [this.secret.secretArn],
    });
    Grant.addToPrincipal({
      grantee: role,
      actions: ['ssm:GetParameter', 'ssm:PutParameter'],
      resourceArns: [this.keySet.parameterArn],
    });
    // grantEncrypt would also allow to encrypt again what another key has encrypted.
    this.secret.encryptionKey?.grant(role, 'kms:GenerateDataKey');
  }

  private denyOtherReaders(): PolicyStatement {
    return new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['secretsmanager:GetSecretValue'],
      resources: ['*'],
      conditions: {
        ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.readers }) },
      },
    });
  }

  private addSchedule(rotation: Construct): void {
    const { secret, rotationFunction } = this;
    // The source is the secret: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
    rotationFunction.addPermission('SecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
      sourceArn: secret.secretArn,
    });
    // CDK's construct would also allow the function to call GetRandomPassword.
    const schedule = new CfnRotationSchedule(this, 'Schedule', {
      secretId: secret.secretArn,
      rotationLambdaArn: rotationFunction.functionArn,
      rotateImmediatelyOnUpdate: true,
      rotationRules: { scheduleExpression: `rate(${this.rotationDays} days)` },
    });
    // The first rotation would fail without the permissions of the function.
    schedule.node.addDependency(rotation);
  }
}
