import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import {
  Grant,
  type IGrantable,
  type IPrincipal,
  type IRole,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  type IFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IConstruct } from 'constructs';
import { EnvironmentVariable } from '../lambda/contract';
import { acknowledge } from './acknowledged-rules';
import {
  authorizerEnvironment,
  type CacheControl,
  environmentFaults,
} from './authorizer-environment';
import { type AuthorizerFunctionOptions, assertRuns } from './authorizer-function-options';
import { AuthorizerMetrics } from './authorizer-metrics';
import type { ClientAuthentication } from './client-authentication';
import { CredentialsSecret } from './credentials-secret';
import { grantLogsKey, grantTableKey, grantVpcAccess } from './function-permissions';
import type { IntrospectionResponse } from './introspection-response';
import { addProvisionedAlias } from './provisioned-alias';
import { type RulesOfApi, ServedApis } from './served-apis';
import { TokenCacheTable } from './token-cache-table';

/** What an authorizer function asks, checks and keeps. */
/** What an authorizer function asks, checks and keeps, and how it runs. */
export interface AuthorizerFunctionProps extends AuthorizerFunctionOptions {
  /** The introspection endpoint, an `https:` URL (RFC 7662). */
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
   * Form parameters that the introspection endpoint takes beside the token.
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
   * The deadline of an introspection, retries included.
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
   * The audiences of which phantom tokens must name one in `aud`.
   *
   * @default - the audience is not checked
   */
  readonly audience?: readonly string[];

  /**
   * Values of `typ` that phantom tokens may have.
   *
   * @default - at+jwt, JWT, or none at all
   */
  readonly tokenTypes?: readonly string[];

  /**
   * Where the authorization server publishes its keys, an `https:` URL.
   *
   * @default - signatures are not verified here, but by the upstream API only
   */
  readonly jwksUri?: string;

  /**
   * The claim that API Gateway takes as `usageIdentifierKey`, to count a request against a usage plan.
   * REST APIs only.
   *
   * @default - no usage plan is named
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
   */
  readonly usageIdentifierClaim?: 'sub' | 'client_id';

  /**
   * Ceiling for remembering active tokens, in the memory and the token cache; 0 turns both off.
   *
   * @default Duration.minutes(5)
   */
  readonly cacheMaxTtl?: Duration;

  /**
   * How long inactive tokens are remembered; 0 turns it off.
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
   * How long an operation of the token cache may keep a request waiting; then it goes on without.
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
}

/** What an invocation may take beside the introspection: secret, keys, token cache, start-up. */
const TIMEOUT_MARGIN = Duration.seconds(10);

/**
 * The authorizer: a Lambda function that swaps an opaque access token for its phantom token. It serves
 * any number of APIs of its stack, each with all of its stages: protect them with `RestApiProtection` and
 * `HttpApiProtection`. Its role may read the one secret, get and put items of the one table, write its
 * own logs and traces; no more. In a VPC Lambda manages network interfaces by it, which the function's own
 * code is denied.
 *
 * @example
 * const authorizerFunction = new AuthorizerFunction(this, 'Authorizer', {
 *   introspectionEndpoint: 'https://login.example.com/oauth/v2/introspect',
 *   issuer: 'https://login.example.com',
 *   audience: ['orders'],
 * });
 */
export class AuthorizerFunction extends AuthorizerMetrics implements IConnectable, IGrantable {
  readonly function: LambdaFunction;
  /** What API Gateway calls: the function, or its alias where execution environments are kept ready. */
  readonly invocationTarget: IFunction;
  /** The introspection client's credentials. */
  readonly credentials: ISecret;
  /** The token cache. */
  readonly tokenCache: ITable;
  /** The role that the function takes on. */
  readonly role: IRole;
  /** Whom permissions are granted to: the role. */
  readonly grantPrincipal: IPrincipal;
  /** Where the function writes its logs. */
  readonly logGroup: ILogGroup;
  /** The deadline of an introspection. */
  readonly introspectionTimeout: Duration;

  private readonly environment: Readonly<Record<string, string>>;
  private readonly apis = new ServedApis(this);

  /** @throws PropError if a prop is out of its bounds, or two do not go together. */
  constructor(scope: Construct, id: string, props: AuthorizerFunctionProps) {
    super(scope, id);
    const { introspectionTimeout = Duration.seconds(3), encryptionKey } = props;
    assertRuns(props, introspectionTimeout);
    this.introspectionTimeout = introspectionTimeout;
    this.credentials =
      props.credentials ?? new CredentialsSecret(this, 'Credentials', { encryptionKey });
    this.tokenCache =
      props.tokenCache ?? new TokenCacheTable(this, 'TokenCache', { encryptionKey });
    this.environment = authorizerEnvironment({
      ...props,
      credentials: this.credentials,
      tokenCache: this.tokenCache,
    });
    this.logGroup = props.logGroup ?? this.ownLogGroup(props);
    this.role = props.role ?? this.ownRole();
    this.function = new LambdaFunction(this, 'Function', {
      description: 'Swaps opaque access tokens for phantom tokens (REQUEST authorizer)',
      runtime: props.runtime ?? Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundleDirectory()),
      memorySize: props.memorySize ?? 512,
      timeout: wholeSeconds(props.timeout ?? introspectionTimeout.plus(TIMEOUT_MARGIN)),
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups,
      tracing: Tracing.ACTIVE,
      environment: {
        ...this.environment,
        // Routes may still be declared.
        [EnvironmentVariable.scopeRules]: Lazy.string({ produce: () => this.apis.scopeRules() }),
      },
      environmentEncryption: encryptionKey,
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup,
      role: this.role,
    });
    this.grantPrincipal = this.function.grantPrincipal;
    this.invocationTarget = addProvisionedAlias(this.function, props) ?? this.function;
    if (props.vpc) grantVpcAccess(this.role, Stack.of(this));
    this.grantToRole();
    this.node.addValidation({ validate: () => [...this.faults()] });
  }

  /**
   * The function's connections in its VPC, to let it reach a private authorization server.
   *
   * @throws if the function is in no VPC.
   */
  get connections(): Connections {
    return this.function.connections;
  }

  /** Lets somebody invoke the authorizer, beside the API Gateway of the APIs that it protects. */
  grantInvoke(grantee: IGrantable): Grant {
    return this.invocationTarget.grantInvoke(grantee);
  }

  /**
   * Has the function decide on the routes of an API. The API's protection calls it, so that scopes cannot
   * be declared and then not be checked.
   *
   * @throws PropError if the API is of another stack, or protected already.
   */
  enforce(api: IConstruct, id: string, rules: RulesOfApi): void {
    this.apis.add(api, id, rules);
  }

  private grantToRole(): void {
    const { credentials, tokenCache, role } = this;
    this.logGroup.grantWrite(role);
    tokenCache.grant(role, 'dynamodb:GetItem', 'dynamodb:PutItem');
    if (tokenCache.encryptionKey) grantTableKey(tokenCache.encryptionKey, role, Stack.of(this));
    // Not grantRead, which would also allow DescribeSecret.
    Grant.addToPrincipal({
      grantee: role,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [credentials.secretArn],
    });
    credentials.encryptionKey?.grantDecrypt(role);
  }

  private ownRole(): Role {
    // No managed policy: AWSLambdaBasicExecutionRole may write to every log group of the account.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    acknowledge(role, 'IAM5', 'Resource::*');
    return role;
  }

  private ownLogGroup({ encryptionKey, logRetention }: AuthorizerFunctionProps): LogGroup {
    if (encryptionKey) grantLogsKey(encryptionKey, Stack.of(this));
    return new LogGroup(this, 'Logs', {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey,
    });
  }

  private faults(): readonly string[] {
    if (this.apis.isEmpty()) return ['no API is protected by this authorizer function'];
    const rules = this.apis.scopeRulesAsLong();
    return environmentFaults({ ...this.environment, [EnvironmentVariable.scopeRules]: rules });
  }
}

/** Lambda takes no fractions of a second. */
function wholeSeconds(duration: Duration): Duration {
  return Duration.seconds(Math.ceil(duration.toSeconds({ integral: false })));
}

/** Where `npm run build` puts the bundle; the same place seen from `lib` and, compiled, from `dist`. */
function bundleDirectory(): string {
  const directory = join(__dirname, '..', 'dist', 'authorizer');
  if (!existsSync(join(directory, 'index.js'))) {
    throw new Error(
      `The authorizer's bundle is missing in ${directory}: run "npm run build" first.`,
    );
  }
  return directory;
}
