import type { Duration } from 'aws-cdk-lib';
import type { ITable, WarmThroughput } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { CacheControl } from './cache-control';
import type { ClientAuthentication } from './client-authentication';
import type { IntrospectionResponse } from './introspection-response';
import type { PhantomTokenMinting, UntypedTokens } from './minting';
import type { SenderConstraint } from './sender-constraint';
import type { UsageIdentifierClaim } from './usage-identifier-claim';

/** Props of an authorizer function. */
export interface AuthorizerFunctionProps {
  /** The introspection endpoint (RFC 7662), an `https:` URL without query or fragment. */
  readonly introspectionEndpoint: string;

  /**
   * The introspection client's credentials: JSON with the members that `clientAuthentication` requires.
   *
   * @default - a new secret, which is retained when the stack is deleted. It holds a random string: until
   * you store the credentials, every request gets 503 (500 from an HTTP API) and the function's log
   * describes the missing step
   */
  readonly credentials?: ISecret;

  /**
   * Client authentication at the introspection endpoint.
   *
   * @default ClientAuthentication.clientSecretBasic()
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * Format of the introspection response.
   *
   * @default IntrospectionResponse.jwt()
   */
  readonly introspectionResponse?: IntrospectionResponse;

  /**
   * Media type of the introspection request's `Accept` header.
   *
   * @default - the media type of `introspectionResponse`
   */
  readonly introspectionAccept?: string;

  /**
   * Form parameters of the introspection request, in addition to the token and the client's credentials.
   *
   * @default - `token_type_hint=access_token` where phantom tokens are minted, otherwise none
   */
  readonly introspectionParameters?: Readonly<Record<string, string>>;

  /**
   * PEM certificates of the only CAs that are trusted for the introspection endpoint and the JWKS.
   *
   * @default - the CAs that Node.js trusts
   */
  readonly caBundle?: string;

  /**
   * The token cache. Functions can share it: keys of entries depend on the function's configuration.
   *
   * @default - a new TokenCacheTable
   */
  readonly tokenCache?: ITable;

  /**
   * Throughput that the table of a new token cache can take at once, as `warmThroughput` of
   * TokenCacheTable. It must not be combined with `tokenCache`.
   *
   * @default - that of a new table: 12,000 read units and 4,000 write units a second
   */
  readonly tokenCacheWarmThroughput?: WarmThroughput;

  /**
   * Deadline of an introspection including retries: more than 0 s, at most 8 s.
   *
   * @default Duration.seconds(3)
   */
  readonly introspectionTimeout?: Duration;

  /**
   * Required `iss` of phantom tokens.
   *
   * @default - the issuer is not checked
   */
  readonly issuer?: string;

  /**
   * Accepted values of `aud`, of which a phantom token must have at least one. It applies to APIs whose
   * protection has no `audience`. APIs with the same list accept each other's tokens.
   *
   * @default - the audience is checked only if the protection of the API has one
   */
  readonly audience?: readonly string[];

  /**
   * Accepted values of the header `typ` of phantom tokens.
   *
   * @default - at+jwt, JWT, or no `typ`
   */
  readonly tokenTypes?: readonly string[];

  /**
   * JWKS URL used to verify JWT signatures: an `https:` URL without query or fragment.
   *
   * @default - the authorizer does not verify signatures; the upstream API does
   */
  readonly jwksUri?: string;

  /**
   * Minting of phantom tokens, for authorization servers that issue none. It requires
   * `IntrospectionResponse.json()` or `signed()`. Issuer and audience of the response are still checked by `issuer`
   * and `audience`.
   *
   * @default - the authorization server issues the phantom tokens
   */
  readonly mint?: PhantomTokenMinting;

  /**
   * Treatment of introspection responses without `token_type`.
   *
   * @default - refused where phantom tokens are minted, otherwise accepted
   */
  readonly untyped?: UntypedTokens;

  /**
   * Tolerance for the claim `nbf`, 0 to 600 s, in case the authorization server's clock is ahead of
   * Lambda's. The claim `exp` has no tolerance.
   *
   * @default Duration.seconds(60)
   */
  readonly notBeforeTolerance?: Duration;

  /**
   * Treatment of tokens that are bound to their senders: by a DPoP key (RFC 9449) or a client certificate
   * (RFC 8705). Unless they are refused, the protections of the function's APIs need `publicUrls`, and turn
   * API Gateway's result cache off, since it does not check proofs.
   *
   * @default SenderConstraint.REFUSE
   */
  readonly senderConstraint?: SenderConstraint;

  /**
   * Claim whose value becomes `usageIdentifierKey`, by which API Gateway counts a request against a usage
   * plan. The value is percent-encoded like the values of the authorizer context. REST APIs only.
   *
   * @default - no `usageIdentifierKey`
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
   */
  readonly usageIdentifierClaim?: UsageIdentifierClaim;

  /**
   * Maximum lifetime of active results in the memory cache and the token cache, 0 to 86,400 s; 0 disables
   * both caches.
   *
   * @default Duration.minutes(5)
   */
  readonly cacheMaxTtl?: Duration;

  /**
   * Lifetime of cached inactive results, 0 to 3600 s; 0 disables negative caching.
   *
   * @default Duration.seconds(10)
   */
  readonly cacheInactiveTtl?: Duration;

  /**
   * Treatment of the `Cache-Control` header of introspection responses.
   *
   * @default CacheControl.RESPECT
   */
  readonly cacheControl?: CacheControl;

  /**
   * Timeout of an operation of the token cache, 5 to 1000 ms. After a timeout the request continues
   * without the token cache.
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
   * Enables the `sub` and `client_id` of tokens in log lines, and the audiences and scopes of denied
   * tokens.
   *
   * @default true
   */
  readonly logIdentities?: boolean;

  /**
   * Memory in MiB, 128 to 10,240. Lambda allocates CPU in proportion to memory.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * Timeout of an invocation. It must be longer than `introspectionTimeout`, since the secret, the token
   * cache and a cold start need additional time.
   *
   * @default - `introspectionTimeout` plus ten seconds
   */
  readonly timeout?: Duration;

  /**
   * Node.js runtime that AWS supports.
   *
   * @default Runtime.NODEJS_24_X
   */
  readonly runtime?: Runtime;

  /**
   * Instruction set. The bundle contains no native code and runs on both.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * Execution role of the function. The permissions that the function needs are added to it, unless the
   * role is immutable.
   *
   * @default - a new role without managed policies
   */
  readonly role?: IRole;

  /**
   * VPC of the function, for an authorization server that is reachable only from the VPC. The function
   * also needs a route to DynamoDB and Secrets Manager: VPC endpoints or NAT.
   *
   * @default - no VPC; the function has access to the internet only
   */
  readonly vpc?: IVpc;

  /**
   * Subnets of the VPC.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The function's security groups in the VPC.
   *
   * @default - a new security group that allows all outbound and no inbound traffic
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Customer-managed key of the environment variables and of the log group, secret and token cache that
   * the construct creates. Resources that you pass in keep their own keys.
   *
   * @default - keys owned or managed by AWS
   */
  readonly encryptionKey?: IKey;

  /**
   * Log group of the function.
   *
   * @default - a new log group
   */
  readonly logGroup?: ILogGroup;

  /**
   * Retention of the new log group. It cannot be combined with `logGroup`, which has its own retention.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * Reserved concurrency: executions reserved for the function, which are also its maximum. API Gateway
   * handles requests beyond it like a failure of the authorizer.
   *
   * @default - the unreserved concurrency of the account
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Provisioned concurrency: execution environments that are initialized in advance, so that requests
   * avoid a cold start. It is the minimum if `maxProvisionedConcurrentExecutions` is set. Idle
   * environments cost money too.
   *
   * @default - no provisioned concurrency
   * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
   */
  readonly provisionedConcurrentExecutions?: number;

  /**
   * Maximum provisioned concurrency for Application Auto Scaling.
   *
   * @default - no scaling: provisioned concurrency is fixed
   */
  readonly maxProvisionedConcurrentExecutions?: number;

  /**
   * Target utilization of provisioned concurrency for Application Auto Scaling, 0.1 to 0.9.
   *
   * @default 0.7
   */
  readonly provisionedConcurrencyUtilization?: number;
}
