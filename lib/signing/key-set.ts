import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { SigningVariable } from '../../lambda/contract';
import { createBundledFunction } from '../cdk/bundled-function';
import { assertUrl } from '../validation/prop-checks';
import type { ISigningKeys } from './signing-keys';

/** Props of {@link KeySet}. */
export interface KeySetProps {
  /** The keys to publish. */
  readonly keys: ISigningKeys;
  /**
   * The claim `iss` of minted tokens: an `https:` URL without query or fragment. Clients that find the key set by
   * the issuer expect it at this URL plus `/.well-known/jwks.json`, so it should be the base URL of the API.
   */
  readonly issuer: string;
}

/**
 * Function that serves the public keys of phantom tokens, and the metadata of their issuer (RFC 8414). It cannot read
 * private keys. `publishKeySet()` of `RestApiProtection` and `HttpApiProtection` adds its routes to an API.
 *
 * @example
 * protection.publishKeySet(new KeySet(this, 'KeySet', { keys, issuer: 'https://api.example.com' }));
 */
export class KeySet extends Construct {
  /** The Lambda function, for a proxy integration in payload format 1.0. */
  readonly lambdaFunction: LambdaFunction;
  /** The claim `iss` that the metadata states. */
  readonly issuer: string;
  private published = false;

  /** @throws PropError if the issuer is not an `https:` URL. */
  constructor(scope: Construct, id: string, { keys, issuer }: KeySetProps) {
    super(scope, id);
    assertUrl('issuer', issuer);
    this.issuer = issuer;
    this.lambdaFunction = createBundledFunction(this, {
      bundle: 'key-set',
      description: 'Publishes the public keys of phantom tokens',
      timeout: Duration.seconds(10),
      environment: { ...keys.publisher, [SigningVariable.issuer]: issuer },
    });
    if (this.lambdaFunction.role) keys.grantReadPublicKeys(this.lambdaFunction.role);
    keySets.set(keys, [...keySetsOf(keys), this]);
  }

  /** True if an API has routes of the key set. */
  get isPublished(): boolean {
    return this.published;
  }

  /**
   * Records that an API has routes of the key set. Only `publishKeySet()` calls it.
   *
   * @internal
   */
  markPublished(): void {
    this.published = true;
  }
}

const keySets = new WeakMap<ISigningKeys, readonly KeySet[]>();

/** Returns the key sets of the app that publish keys. */
export function keySetsOf(keys: ISigningKeys): readonly KeySet[] {
  return keySets.get(keys) ?? [];
}
