import type { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { CacheControl } from './authorizer-environment';
import type { AuthorizerFunctionOptions } from './authorizer-function-options';
import type { ClientAuthentication } from './client-authentication';
import type { IntrospectionResponse } from './introspection-response';

/** What an authorizer function asks, checks and keeps, and how it runs. */
export interface AuthorizerFunctionProps extends AuthorizerFunctionOptions {
  /** The introspection endpoint (RFC 7662), an `https:` URL without query or fragment. */
  readonly introspectionEndpoint: string;

  /**
   * The introspection client's credentials: JSON with the members that `clientAuthentication` takes.
   *
   * @default - a new secret, which outlives the stack. It holds a random string: until the credentials
   * are put into it, every token is answered with 503 and the function's log says what to do
   */
  readonly credentials?: ISecret;

  /**
   * How the authorizer authenticates to the introspection endpoint.
   *
   * @default ClientAuthentication.clientSecretBasic()
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * What the introspection endpoint answers.
   *
   * @default IntrospectionResponse.jwt()
   */
  readonly introspectionResponse?: IntrospectionResponse;

  /**
   * The one media type to ask the introspection endpoint for.
   *
   * @default - what the kind of response implies: application/jwt or application/json
   */
  readonly introspectionAccept?: string;

  /**
   * Form parameters that the introspection endpoint takes beside the token and the client's credentials.
   *
   * @default - none
   */
  readonly introspectionParameters?: Readonly<Record<string, string>>;

  /**
   * Certificates (PEM) of the only authorities to trust for the introspection endpoint and the JWKS.
   *
   * @default - those that Node.js trusts
   */
  readonly caBundle?: string;

  /**
   * The token cache. Functions may share one: entries are told apart by what they are configured with.
   *
   * @default - a new TokenCacheTable
   */
  readonly tokenCache?: ITable;

  /**
   * The deadline of an introspection, retries included: more than 0 s, at most 8 s.
   *
   * @default Duration.seconds(3)
   */
  readonly introspectionTimeout?: Duration;

  /**
   * The issuer that phantom tokens must name in `iss`.
   *
   * @default - the issuer is not checked
   */
  readonly issuer?: string;

  /**
   * The audiences of which phantom tokens must name one in `aud`, at APIs whose protection has no
   * `audience`. APIs that share a list accept each other's tokens.
   *
   * @default - the audience is checked only where the API's protection has one
   */
  readonly audience?: readonly string[];

  /**
   * Values of `typ` that phantom tokens may have.
   *
   * @default - at+jwt, JWT, or none at all
   */
  readonly tokenTypes?: readonly string[];

  /**
   * Where the authorization server publishes its keys, an `https:` URL without query or fragment.
   *
   * @default - signatures are not verified here, but by the upstream API only
   */
  readonly jwksUri?: string;

  /**
   * How far the authorization server's clock can run ahead of Lambda's before the claim `nbf` denies a new
   * token, 0 to 600 s. The claim `exp` has no tolerance.
   *
   * @default Duration.seconds(60)
   */
  readonly notBeforeTolerance?: Duration;

  /**
   * The claim that API Gateway takes as `usageIdentifierKey`, to count a request against a usage plan.
   * The value is percent-encoded like those of the authorizer context. REST APIs only.
   *
   * @default - no usage plan is named
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
   */
  readonly usageIdentifierClaim?: 'sub' | 'client_id';

  /**
   * Ceiling for remembering active tokens, in the memory and the token cache, 0 to 86,400 s; 0 turns
   * both off.
   *
   * @default Duration.minutes(5)
   */
  readonly cacheMaxTtl?: Duration;

  /**
   * How long inactive tokens are remembered, 0 to 3600 s; 0 turns it off.
   *
   * @default Duration.seconds(10)
   */
  readonly cacheInactiveTtl?: Duration;

  /**
   * Whether the authorization server's `Cache-Control` bounds the caches.
   *
   * @default CacheControl.RESPECT
   */
  readonly cacheControl?: CacheControl;

  /**
   * How long an operation of the token cache may keep a request waiting, 5 to 1000 ms; then it goes
   * on without.
   *
   * @default Duration.millis(50)
   */
  readonly cacheTimeout?: Duration;

  /**
   * Coalescing of the introspections of one token: of the execution environments that miss it at the same
   * time, one introspects, and the others wait for its result. It costs each miss a conditional write.
   *
   * @default true
   */
  readonly coalesceIntrospections?: boolean;

  /**
   * Whether log lines name the `sub` and `client_id` of tokens, and the audiences and scopes of denied ones.
   *
   * @default true
   */
  readonly logIdentities?: boolean;
}
