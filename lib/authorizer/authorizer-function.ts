import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import {
  type Grant,
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
import { bundleDirectory } from '../cdk/bundle-directory';
import { acknowledge } from '../cdk/nag-suppressions';
import type { ISigningKeys } from '../signing/signing-keys';
import { DEFAULTS } from '../validation/defaults';
import { authorizerEnvironment, environmentSizeErrors } from './authorizer-environment';
import type { AuthorizerFunctionProps } from './authorizer-function-props';
import { AuthorizerMetrics } from './authorizer-metrics';
import { CredentialsSecret } from './credentials-secret';
import { grantLogsKey, grantResources, grantVpcAccess } from './function-permissions';
import { warnOfKeySets } from './key-set-warnings';
import { lifetimeErrors } from './minting';
import { type ApiSettings, ProtectedApis, type ScopeRulesProvider } from './protected-apis';
import { addProvisionedAlias } from './provisioned-alias';
import { acceptsBoundTokens, SenderConstraint } from './sender-constraint';
import { TokenCacheTable } from './token-cache-table';
import { validateProps, validateRuntime } from './validate-props';

/** Time for an invocation in addition to the introspection: secret, keys, token cache, cold start. */
const TIMEOUT_MARGIN = Duration.seconds(10);

/**
 * Lambda function that exchanges an opaque access token for its phantom token. It can authorize requests
 * of any number of APIs of its stack, in all of their stages. `RestApiProtection` and `HttpApiProtection`
 * attach it to an API. Its role allows only to read the secret, to read and write items of the token
 * cache, and to write the function's logs and traces. In a VPC, Lambda also manages network interfaces
 * with this role; the function's code is denied the same actions.
 *
 * @example
 * const authorizerFunction = new AuthorizerFunction(this, 'Authorizer', {
 *   introspectionEndpoint: 'https://login.example.com/oauth/v2/introspect',
 *   issuer: 'https://login.example.com',
 *   audience: ['orders'],
 * });
 */
export class AuthorizerFunction extends AuthorizerMetrics implements IConnectable, IGrantable {
  /** The Lambda function itself. */
  readonly lambdaFunction: LambdaFunction;
  /**
   * Published version that API Gateway calls. The scope rules, configuration and code of a version are
   * immutable, so that a deployed stage always uses the rules it was deployed with. Previous versions are
   * retained.
   */
  readonly invocationTarget: Version;
  /** The introspection client's credentials. */
  readonly credentials: ISecret;
  /** The token cache. */
  readonly tokenCache: ITable;
  /** The execution role of the function. */
  readonly role: IRole;
  /** The principal that receives permissions: the execution role. */
  readonly grantPrincipal: IPrincipal;
  /** The log group of the function. */
  readonly logGroup: ILogGroup;
  /** The deadline of an introspection. */
  readonly introspectionTimeout: Duration;

  /** The audience of APIs whose protection has none. */
  readonly audience: AuthorizerFunctionProps['audience'];

  /** Treatment of tokens that are bound to their senders. */
  readonly senderConstraint: SenderConstraint;

  /** True if tokens that are bound to their senders are accepted. */
  readonly acceptsBoundTokens: boolean;

  /** The claim whose value becomes `usageIdentifierKey`, if one is configured. */
  readonly usageIdentifierClaim: AuthorizerFunctionProps['usageIdentifierClaim'];

  /** The keys that sign phantom tokens, if the function mints them. */
  readonly signingKeys: ISigningKeys | undefined;

  /**
   * Deployment dependencies of the authorizers of an API: the alias with provisioned concurrency, if any.
   *
   * @internal
   */
  readonly readiness: readonly IDependable[];

  /**
   * The environment variables of the function, except the scope rules of its APIs.
   *
   * @internal
   */
  readonly configuration: Readonly<Record<string, string>>;

  private readonly apis = new ProtectedApis(this);

  /** @throws PropError if a prop is out of bounds, or two props contradict each other. */
  constructor(scope: Construct, id: string, props: AuthorizerFunctionProps) {
    super(scope, id);
    const { encryptionKey } = props;
    const introspectionTimeout =
      props.introspectionTimeout ?? Duration.seconds(DEFAULTS.introspectionTimeoutSeconds);
    validateProps(props);
    validateRuntime(props, introspectionTimeout);
    this.introspectionTimeout = introspectionTimeout;
    this.audience = props.audience;
    this.senderConstraint = props.senderConstraint ?? SenderConstraint.REFUSE;
    this.acceptsBoundTokens = acceptsBoundTokens(this.senderConstraint);
    this.usageIdentifierClaim = props.usageIdentifierClaim;
    this.credentials =
      props.credentials ??
      new CredentialsSecret(this, 'Credentials', {
        encryptionKey,
        clientAuthentication: props.clientAuthentication,
      });
    this.tokenCache =
      props.tokenCache ??
      new TokenCacheTable(this, 'TokenCache', {
        encryptionKey,
        warmThroughput: props.tokenCacheWarmThroughput,
      });
    const { cacheMaxTtl, mint } = props;
    const caches = { cacheMaxTtl, resultTtlSeconds: () => this.apis.longestResultTtlSeconds() };
    this.configuration = authorizerEnvironment({
      ...props,
      credentials: this.credentials,
      tokenCache: this.tokenCache,
      ...caches,
    });
    this.logGroup = props.logGroup ?? this.createLogGroup(props);
    this.role = props.role ?? this.createRole();
    this.lambdaFunction = new LambdaFunction(this, 'Function', {
      description: 'REQUEST authorizer that exchanges opaque access tokens for phantom tokens',
      runtime: props.runtime ?? Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      handler: 'main.handler',
      code: Code.fromAsset(bundleDirectory('authorizer')),
      memorySize: props.memorySize ?? DEFAULTS.memoryMegabytes,
      timeout: wholeSeconds(props.timeout ?? introspectionTimeout.plus(TIMEOUT_MARGIN)),
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups,
      tracing: Tracing.ACTIVE,
      environment: {
        ...this.configuration,
        // Lazy, since routes can be declared until synthesis.
        [EnvironmentVariable.scopeRules]: Lazy.string({ produce: () => this.apis.scopeRules() }),
      },
      environmentEncryption: encryptionKey,
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup,
      role: this.role,
      // API Gateway calls the previous version until the new deployment of a stage has propagated. A
      // version whose deployment failed is deleted: Lambda would not publish the same version again.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    this.grantPrincipal = this.lambdaFunction.grantPrincipal;
    this.invocationTarget = this.lambdaFunction.currentVersion;
    const alias = addProvisionedAlias(this.lambdaFunction, props);
    this.readiness = alias ? [alias] : [];
    if (props.vpc) grantVpcAccess(this.role, Stack.of(this));
    grantResources(this.role, this, Stack.of(this));
    this.signingKeys = mint?.keys;
    this.signingKeys?.grantSign(this.role);
    acknowledge(this.lambdaFunction, 'deadLetterQueue');
    // After the grants, which create the policy.
    if (props.role === undefined) {
      acknowledge(this.role, 'wildcardResource', 'Resource::*');
      acknowledge(this.role, 'inlinePolicy');
    }
    this.node.addValidation({
      validate: () => {
        if (mint) warnOfKeySets(this, mint);
        return [...this.validationErrors(), ...lifetimeErrors(mint, caches)];
      },
    });
  }

  /**
   * The function's network connections, to allow access to a private authorization server.
   *
   * @throws Error if the function is not in a VPC.
   */
  get connections(): Connections {
    return this.lambdaFunction.connections;
  }

  /** Allows an operator to invoke the function. API Gateway is allowed already for each protected API. */
  grantInvoke(grantee: IGrantable): Grant {
    return this.lambdaFunction.grantInvoke(grantee);
  }

  /**
   * Adds the scope rules and settings of an API. Only the protection of the API calls it, so that every declared scope
   * is also enforced.
   *
   * @throws PropError if the API is in another stack, or is protected already.
   * @internal
   */
  enforce(api: IConstruct, id: string, rules: ScopeRulesProvider, settings?: ApiSettings): void {
    this.apis.add(api, id, rules, settings);
  }

  private createRole(): Role {
    // The managed policy AWSLambdaBasicExecutionRole would allow writing to every log group of the
    // account.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    return role;
  }

  private createLogGroup({ encryptionKey, logRetention }: AuthorizerFunctionProps): LogGroup {
    if (encryptionKey) grantLogsKey(encryptionKey, Stack.of(this));
    return new LogGroup(this, 'Logs', {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey,
    });
  }

  private validationErrors(): readonly string[] {
    if (this.apis.isEmpty())
      return ['the authorizer function must protect at least one API, got: 0'];
    const rules = this.apis.estimateScopeRules();
    const variables = { ...this.configuration, [EnvironmentVariable.scopeRules]: rules };
    return environmentSizeErrors(variables);
  }
}

/** Returns the duration rounded up to whole seconds, since Lambda accepts no fractions. */
function wholeSeconds(duration: Duration): Duration {
  return Duration.seconds(Math.ceil(duration.toSeconds({ integral: false })));
}
