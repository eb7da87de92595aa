import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../cdk/nag-suppressions';
import type { ClientAuthentication } from './client-authentication';

/** A secret that holds nothing but a random key of the token cache. */
const CACHE_KEY = {
  secretStringTemplate: '{}',
  generateStringKey: 'cache_key',
  passwordLength: 64,
  excludePunctuation: true,
};

/** Props of the secret: name, encryption, replicas, removal policy and first value. */
export interface CredentialsSecretProps
  extends Pick<SecretProps, 'secretName' | 'encryptionKey' | 'replicaRegions'> {
  /**
   * Client authentication. For `none` the secret is created with a random `cache_key`, and is complete.
   *
   * @default - a method with credentials, which you set
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * Policy for the secret when it is removed from the stack.
   *
   * @default RemovalPolicy.RETAIN - the credentials were set by hand and cannot be recreated
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Secret for the credentials of the introspection client. It is created with a random string. Until you
 * set the credentials, every request gets 503 (500 from an HTTP API) and the log describes the missing
 * step. The template does not contain the credentials. The authorizer reads them at run time, and again
 * after a rotation.
 *
 * Attach your rotation function with `addRotationSchedule`. Set `rotateImmediatelyOnUpdate: false`, since
 * there are no credentials to rotate yet.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */
export class CredentialsSecret extends Secret {
  constructor(
    scope: Construct,
    id: string,
    { clientAuthentication, ...props }: CredentialsSecretProps = {},
  ) {
    super(scope, id, {
      description:
        'Credentials of the introspection client (JSON; the documentation lists the members)',
      removalPolicy: RemovalPolicy.RETAIN,
      ...(clientAuthentication?.needsNoCredentials && { generateSecretString: CACHE_KEY }),
      ...props,
    });
    acknowledge(this, 'SMG4');
  }
}
