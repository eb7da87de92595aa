import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  assertFits,
  authorizerEnvironment,
  type CacheControl,
  scopeEnvironment,
} from './authorizer-environment';
import type { ClientAuthentication } from './client-authentication';
import type { IntrospectionResponse } from './introspection-response';
import { PropError } from './prop-error';
import type { ScopeRules } from './route-scopes';

/** What an authorizer function asks, checks and keeps. */
export interface AuthorizerFunctionProps {
  /** The introspection endpoint, an `https:` URL (RFC 7662). */
  readonly introspectionEndpoint: string;

  /** The introspection client's credentials: JSON with the members that `clientAuthentication` takes. */
  readonly credentials: ISecret;

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

  /** The token cache. @see TokenCacheTable */
  readonly tokenCache: ITable;

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
   * Memory in MiB; CPU grows with it.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * How long the function's logs are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/** What an invocation may take beside the introspection: secret, keys, token cache, start-up. */
const TIMEOUT_MARGIN = Duration.seconds(10);

/**
 * The authorizer: a Lambda function that swaps an opaque access token for its phantom token. Its role
 * may read the one secret, get and put items of the one table, write its own logs and traces; no more.
 */
export class AuthorizerFunction extends Construct {
  /** The Lambda function itself. */
  readonly function: LambdaFunction;

  private readonly environment: Record<string, string>;
  private enforces = false;

  constructor(scope: Construct, id: string, props: AuthorizerFunctionProps) {
    super(scope, id);
    const { introspectionTimeout = Duration.seconds(3), credentials, tokenCache } = props;
    this.environment = authorizerEnvironment({ ...props, introspectionTimeout });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // No managed policy: AWSLambdaBasicExecutionRole may write to every log group of the account.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    this.function = new LambdaFunction(this, 'Function', {
      description: 'Swaps opaque access tokens for phantom tokens (REQUEST authorizer)',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundleDirectory()),
      memorySize: props.memorySize ?? 512,
      timeout: wholeSeconds(introspectionTimeout.plus(TIMEOUT_MARGIN)),
      tracing: Tracing.ACTIVE,
      environment: this.environment,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
    });
    logGroup.grantWrite(role);
    tokenCache.grant(role, 'dynamodb:GetItem', 'dynamodb:PutItem');
    // Not grantRead, which would also allow DescribeSecret.
    Grant.addToPrincipal({
      grantee: role,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [credentials.secretArn],
    });
    credentials.encryptionKey?.grantDecrypt(role);
    this.node.addValidation({
      validate: () => (this.enforces ? [] : ['no API is protected by this authorizer function']),
    });
  }

  /**
   * Has the function enforce what the routes of an API require. The API's construct calls it, so that
   * scopes cannot be declared and then not be checked.
   *
   * @throws PropError if the function serves another API already, or the rules are too long for it.
   */
  enforce(rules: ScopeRules): void {
    if (this.enforces) {
      throw new PropError(
        `authorizerFunction must serve one API, but ${this.node.path} serves two`,
      );
    }
    this.enforces = true;
    const scopes = scopeEnvironment(rules);
    assertFits({ ...this.environment, ...scopes });
    for (const [name, value] of Object.entries(scopes)) this.function.addEnvironment(name, value);
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
