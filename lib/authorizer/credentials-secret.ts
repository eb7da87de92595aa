import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../cdk/nag-suppressions';

/** Name, encryption, replicas and end of the secret. */
export interface CredentialsSecretProps
  extends Pick<SecretProps, 'secretName' | 'encryptionKey' | 'replicaRegions'> {
  /**
   * What happens to the secret when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN - what is in it was set by hand and cannot be had again
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A secret for the introspection client's credentials. It is made with a random string: until credentials
 * are set, every request is answered with 503 and the log says what to do. Their value is nowhere in the
 * template; the authorizer reads it at run time, and again when it was rotated.
 *
 * A rotation function of yours is attached by `addRotationSchedule`; let it not rotate at once
 * (`rotateImmediatelyOnUpdate: false`), for there is nothing to rotate yet.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */
export class CredentialsSecret extends Secret {
  constructor(scope: Construct, id: string, props: CredentialsSecretProps = {}) {
    super(scope, id, {
      description: 'Introspection client of the authorizer: JSON, see the docs for its members',
      removalPolicy: RemovalPolicy.RETAIN,
      ...props,
    });
    acknowledge(this, 'SMG4');
  }
}
