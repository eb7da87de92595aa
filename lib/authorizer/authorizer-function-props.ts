import type { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { CacheControl } from './cache-control';
import type { ClientAuthentication } from './client-authentication';
import type { IntrospectionResponse } from './introspection-response';

/** What an authorizer function asks, checks and keeps, and how it runs. */
export interface AuthorizerFunctionProps {
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
   * Whether execution environments that miss the same token at the same time leave its introspection to
   * one of them. It costs each miss a conditional write.
   *
   * @default true
   */
  readonly shareIntrospections?: boolean;

  /**
   * Whether inactive tokens are remembered in the token cache too, not just in memory. It costs a read
   * for each look into the token cache; at most 4096 inactive tokens are remembered there.
   *
   * @default false
   */
  readonly shareInactive?: boolean;

  /**
   * Whether log lines name the `sub` and `client_id` of tokens, and the audiences and scopes of denied ones.
   *
   * @default true
   */
  readonly logIdentities?: boolean;

  /**
   * Memory in MiB, 128 to 10,240; CPU grows with it.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * When Lambda ends an invocation. It must be longer than the introspection may take, for the secret,
   * the token cache and a cold start take their time too.
   *
   * @default - ten seconds more than the introspection may take
   */
  readonly timeout?: Duration;

  /**
   * A Node.js runtime, one that AWS supports.
   *
   * @default Runtime.NODEJS_24_X
   */
  readonly runtime?: Runtime;

  /**
   * The bundle holds no native code and runs on either.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * The role that the function takes on. What the function needs is added to it, where the stack may.
   *
   * @default - a role of its own, without managed policies
   */
  readonly role?: IRole;

  /**
   * The VPC whose network the function uses, for an authorization server that only the VPC reaches. The
   * function needs a way from there to DynamoDB and Secrets Manager too: endpoints of the VPC, or NAT.
   *
   * @default - no VPC: the function reaches whatever is on the internet
   */
  readonly vpc?: IVpc;

  /**
   * Which subnets of the VPC.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The function's security groups in the VPC.
   *
   * @default - one of its own, which lets everything out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The customer-managed key of the environment variables, and of whatever is made here: log group, secret
   * and token cache. Those that are given have keys of their own.
   *
   * @default - keys that AWS owns or manages
   */
  readonly encryptionKey?: IKey;

  /**
   * The log group to write to.
   *
   * @default - one of its own
   */
  readonly logGroup?: ILogGroup;

  /**
   * How long the function's logs are kept. Not for a given `logGroup`, which has its own retention.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * How many executions at once are set aside for the function, which are also the most it gets. Requests
   * beyond them are answered as if the authorizer had failed.
   *
   * @default - what the account has unreserved
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * How many execution environments are kept ready, so that their first requests meet no cold start; the
   * least of them where `maxProvisionedConcurrentExecutions` is given. They cost money while idle.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
   */
  readonly provisionedConcurrentExecutions?: number;

  /**
   * Up to how many environments Application Auto Scaling keeps ready as they are used.
   *
   * @default - their number does not change
   */
  readonly maxProvisionedConcurrentExecutions?: number;

  /**
   * The share of the environments kept ready, 0.1 to 0.9, whose use makes Application Auto Scaling add or
   * remove some.
   *
   * @default 0.7
   */
  readonly provisionedConcurrencyUtilization?: number;
}
