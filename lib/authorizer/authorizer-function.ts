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
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
  type Version,
} from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IConstruct, IDependable } from 'constructs';
import { EnvironmentVariable } from '../../lambda/contract';
import { acknowledge } from '../cdk/nag-suppressions';
import { DEFAULTS } from '../validation/defaults';
import { authorizerEnvironment, environmentFaults } from './authorizer-environment';
import { validateProps } from './authorizer-function-checks';
import { validateRuntime } from './authorizer-function-options';
import type { AuthorizerFunctionProps } from './authorizer-function-props';
import { AuthorizerMetrics } from './authorizer-metrics';
import { CredentialsSecret } from './credentials-secret';
import {
  grantLogsKey,
  grantTableKey,
  grantVpcAccess,
  secretArnsForPolicies,
} from './function-permissions';
import { ProtectedApis, type ScopeRulesProvider } from './protected-apis';
import { addProvisionedAlias } from './provisioned-alias';
import { TokenCacheTable } from './token-cache-table';

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
  readonly lambdaFunction: LambdaFunction;
  /**
   * The published version that API Gateway calls. Rules, configuration and code of a version never change,
   * so that what is deployed to a stage is bound to the rules that it was made for. Former versions are
   * retained.
   */
  readonly invocationTarget: Version;
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

  /** The audiences that apply to APIs whose protection has none. */
  readonly audience: AuthorizerFunctionProps['audience'];

  /** The claim that API Gateway takes as `usageIdentifierKey`, if it is given one. */
  readonly usageIdentifierClaim: AuthorizerFunctionProps['usageIdentifierClaim'];

  /**
   * What the authorizers of an API wait for in a deployment: environments that are kept ready.
   *
   * @internal
   */
  readonly readiness: readonly IDependable[];

  /**
   * The environment variables of the function, without the rules of its APIs.
   *
   * @internal
   */
  readonly configuration: Readonly<Record<string, string>>;

  private readonly apis = new ProtectedApis(this);

  /** @throws PropError if a prop is out of its bounds, or two do not go together. */
  constructor(scope: Construct, id: string, props: AuthorizerFunctionProps) {
    super(scope, id);
    const { encryptionKey } = props;
    const introspectionTimeout =
      props.introspectionTimeout ?? Duration.seconds(DEFAULTS.introspectionTimeoutSeconds);
    validateProps(props);
    validateRuntime(props, introspectionTimeout);
    this.introspectionTimeout = introspectionTimeout;
    this.audience = props.audience;
    this.usageIdentifierClaim = props.usageIdentifierClaim;
    this.credentials =
      props.credentials ?? new CredentialsSecret(this, 'Credentials', { encryptionKey });
    this.tokenCache =
      props.tokenCache ?? new TokenCacheTable(this, 'TokenCache', { encryptionKey });
    this.configuration = authorizerEnvironment({
      ...props,
      credentials: this.credentials,
      tokenCache: this.tokenCache,
    });
    this.logGroup = props.logGroup ?? this.ownLogGroup(props);
    this.role = props.role ?? this.ownRole();
    this.lambdaFunction = new LambdaFunction(this, 'Function', {
      description: 'Swaps opaque access tokens for phantom tokens (REQUEST authorizer)',
      runtime: props.runtime ?? Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundleDirectory()),
      memorySize: props.memorySize ?? DEFAULTS.memoryMegabytes,
      timeout: wholeSeconds(props.timeout ?? introspectionTimeout.plus(TIMEOUT_MARGIN)),
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups,
      tracing: Tracing.ACTIVE,
      environment: {
        ...this.configuration,
        // Routes may still be declared.
        [EnvironmentVariable.scopeRules]: Lazy.string({ produce: () => this.apis.scopeRules() }),
      },
      environmentEncryption: encryptionKey,
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup,
      role: this.role,
      // API Gateway calls a former version until the new deployment of a stage has spread. A version whose
      // deployment failed is deleted: Lambda would not publish the same one again.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    this.grantPrincipal = this.lambdaFunction.grantPrincipal;
    this.invocationTarget = this.lambdaFunction.currentVersion;
    const alias = addProvisionedAlias(this.lambdaFunction, props);
    this.readiness = alias ? [alias] : [];
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
    return this.lambdaFunction.connections;
  }

  /** Lets an operator invoke the function, in addition to the API Gateway of the APIs that it protects. */
  grantInvoke(grantee: IGrantable): Grant {
    return this.lambdaFunction.grantInvoke(grantee);
  }

  /**
   * Has the function decide on the routes of an API. The API's protection calls it, so that scopes cannot
   * be declared and then not be checked.
   *
   * @throws PropError if the API is of another stack, or protected already.
   * @internal
   */
  enforce(
    api: IConstruct,
    id: string,
    rules: ScopeRulesProvider,
    audience?: readonly string[],
  ): void {
    this.apis.add(api, id, rules, audience);
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
      resourceArns: secretArnsForPolicies(credentials, Stack.of(this)),
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
    const rules = this.apis.estimateScopeRules();
    return environmentFaults({ ...this.configuration, [EnvironmentVariable.scopeRules]: rules });
  }
}

/** Lambda takes no fractions of a second. */
function wholeSeconds(duration: Duration): Duration {
  return Duration.seconds(Math.ceil(duration.toSeconds({ integral: false })));
}

/** Returns the directory of the bundle that `npm run build` makes. */
function bundleDirectory(): string {
  // Seen from the compiled library in `dist`, and from this file.
  const candidates = [
    join(__dirname, 'authorizer'),
    join(__dirname, '..', '..', 'dist', 'authorizer'),
  ];
  const directory = candidates.find((candidate) => existsSync(join(candidate, 'index.js')));
  if (directory === undefined) {
    throw new Error(
      `The authorizer's bundle is missing in ${candidates.join(' and ')}: run "npm run build" first.`,
    );
  }
  return directory;
}
