import { Annotations, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { accessLogGroup, httpAccessLogs, restAccessLogs } from '../api/access-logs';
import { PhantomTokenHttpApi } from '../api/phantom-token-http-api';
import { PhantomTokenRestApi } from '../api/phantom-token-rest-api';
import { AuthorizerFunction } from '../authorizer/authorizer-function';
import { CacheControl } from '../authorizer/cache-control';
import { type BasicEncoding, ClientAuthentication } from '../authorizer/client-authentication';
import { IntrospectionResponse } from '../authorizer/introspection-response';
import { SenderConstraint } from '../authorizer/sender-constraint';
import type { UsageIdentifierClaim } from '../authorizer/usage-identifier-claim';
import { acknowledgeApi } from '../cdk/nag-suppressions';
import { DEFAULTS } from '../validation/defaults';
import { clientAuthenticationOptions } from './config/introspection-schema';
import type { DeploymentConfig } from './config/schema';
import { addObservability, functionOptions } from './operations';
import { protectedResources } from './protected-resources';
import { addSigning } from './signing';

/** Props of {@link PhantomTokenStack}. */
export interface PhantomTokenStackProps extends StackProps {
  /** Deployment config. @see loadDeploymentConfig */
  readonly config: DeploymentConfig;
}

/** API with its metrics and protection, and its URL. */
interface DeployedApi {
  readonly api: PhantomTokenRestApi | PhantomTokenHttpApi;
  readonly url: string;
  /** ARN of the stage, where a web ACL can be associated with it. */
  readonly stageArn?: string;
}

/** Stack of an API in front of an upstream API, with its authorizer and, if configured, observability. */
export class PhantomTokenStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: PhantomTokenStackProps) {
    super(scope, id, props);
    const { introspection, token, cache, api, operations } = config;
    const { credentialsSecretArn } = introspection;
    const { encryptionKeyArn } = operations;
    const encryptionKey = encryptionKeyArn
      ? Key.fromKeyArn(this, 'EncryptionKey', encryptionKeyArn)
      : undefined;
    const signing = token.mint && addSigning(this, token.mint, encryptionKey);
    const authorizer = new AuthorizerFunction(this, 'Authorizer', {
      introspectionEndpoint: introspection.endpoint,
      introspectionTimeout: Duration.millis(introspection.timeoutSeconds * 1000),
      introspectionResponse: introspectionResponse(introspection.response),
      introspectionAccept: introspection.accept,
      introspectionParameters: introspection.parameters,
      clientAuthentication: clientAuthentication(config),
      caBundle: introspection.caBundle,
      credentials:
        credentialsSecretArn === undefined
          ? undefined
          : Secret.fromSecretAttributes(this, 'Credentials', {
              secretCompleteArn: credentialsSecretArn,
              encryptionKey,
            }),
      issuer: token.issuer,
      audience: token.audience,
      tokenTypes: token.types,
      jwksUri: token.jwksUri,
      mint: signing?.mint,
      untyped: token.untyped,
      notBeforeTolerance: Duration.millis(token.notBeforeToleranceSeconds * 1000),
      senderConstraint: senderConstraint(config),
      usageIdentifierClaim: api.usageIdentifierClaim as UsageIdentifierClaim | undefined,
      cacheMaxTtl: Duration.millis(cache.maxTtlSeconds * 1000),
      cacheInactiveTtl: Duration.millis(cache.inactiveTtlSeconds * 1000),
      cacheControl: cache.cacheControl === 'ignore' ? CacheControl.IGNORE : CacheControl.RESPECT,
      cacheTimeout: Duration.millis(cache.timeoutMilliseconds),
      coalesceIntrospections: cache.coalesceIntrospections,
      tokenCacheWarmThroughput: cache.warmThroughput,
      logIdentities: operations.logIdentities,
      logRetention: operations.logRetentionDays,
      encryptionKey,
      ...functionOptions(this, operations),
    });
    const accessLogs = accessLogGroup(this, 'AccessLogs', {
      retention: operations.logRetentionDays,
      encryptionKey,
    });
    const deployed =
      api.type === 'HTTP'
        ? this.httpApi(config, authorizer, accessLogs)
        : this.restApi(config, authorizer, accessLogs);
    if (signing) deployed.api.protection.publishKeySet(signing.keySet);
    acknowledgeApi(deployed.api);
    addObservability(this, operations, {
      authorizerFunction: authorizer,
      apis: [deployed.api],
      accessLogs,
    });

    if (api.type === 'REST' && api.phantomTokenHeader) {
      Annotations.of(this).addWarningV2(
        'phantom-token-authorizer:phantom-token-header',
        'api.phantomTokenHeader has no effect on REST APIs: the phantom token goes into Authorization.',
      );
    }
    this.output('ApiUrl', deployed.url, 'URL of the API for clients');
    if (deployed.stageArn) {
      this.output('StageArn', deployed.stageArn, 'Stage of the API, for a web ACL');
    }
    this.output(
      'CredentialsSecretArn',
      authorizer.credentials.secretArn,
      'Secret for the credentials of the introspection client',
    );
    this.output('TokenCacheTableName', authorizer.tokenCache.tableName, 'The token cache');
    this.output('AuthorizerFunctionName', authorizer.lambdaFunction.functionName, 'The authorizer');
  }

  private restApi(
    config: DeploymentConfig,
    authorizerFunction: AuthorizerFunction,
    logGroup: ILogGroup,
  ): DeployedApi {
    const { api, operations } = config;
    const { throttle, logIdentities } = operations;
    const restApi = new PhantomTokenRestApi(this, 'Api', {
      // CloudWatch identifies REST APIs by name, not by ID.
      restApiName: this.stackName,
      deployOptions: {
        ...restAccessLogs({ logGroup, logIdentities }),
        tracingEnabled: true,
        throttlingRateLimit: throttle?.rateLimit,
        throttlingBurstLimit: throttle?.burstLimit,
      },
      ...apiProps(config, authorizerFunction),
      realm: api.realm,
      usagePlansByToken: api.usageIdentifierClaim !== undefined,
      streaming: api.streaming,
    });
    // The name of RestApi's own output is not stable.
    restApi.node.tryRemoveChild('Endpoint');
    return { url: restApi.url, api: restApi, stageArn: restApi.deploymentStage.stageArn };
  }

  private httpApi(
    config: DeploymentConfig,
    authorizerFunction: AuthorizerFunction,
    logGroup: ILogGroup,
  ): DeployedApi {
    const { api, operations } = config;
    const { throttle, logIdentities } = operations;
    const httpApi = new PhantomTokenHttpApi(this, 'Api', {
      createDefaultStage: false,
      ...apiProps(config, authorizerFunction),
      phantomTokenHeader: api.phantomTokenHeader,
    });
    const stage = httpApi.addStage('DefaultStage', {
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: httpAccessLogs({ logGroup, logIdentities }),
      throttle,
    });
    return { url: stage.url, api: httpApi };
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

/** Returns the props that both kinds of APIs have. */
function apiProps(config: DeploymentConfig, authorizerFunction: AuthorizerFunction) {
  const { api } = config;
  return {
    authorizerFunction,
    resultsCacheTtl: resultsCacheTtl(config),
    upstream: api.upstream,
    scopes: api.scopes,
    routes: api.routes,
    allowOrigins: api.cors?.allowOrigins,
    protectedResource: protectedResources(config),
    authorizationServerMetadata: api.authorizationServerMetadata,
    publicUrls: api.publicUrls,
  };
}

function senderConstraint({ token }: DeploymentConfig): SenderConstraint {
  const modes = Object.values(SenderConstraint);
  return modes.find((mode) => mode === token.senderConstraint) ?? SenderConstraint.REFUSE;
}

/** Returns the lifetime of results; `undefined` for the default, which depends on function and routes. */
function resultsCacheTtl({ cache }: DeploymentConfig): Duration | undefined {
  const { authorizerResultTtlSeconds } = cache;
  return authorizerResultTtlSeconds === DEFAULTS.resultTtlSeconds
    ? undefined
    : Duration.seconds(authorizerResultTtlSeconds);
}

function introspectionResponse(
  response: DeploymentConfig['introspection']['response'],
): IntrospectionResponse {
  switch (response) {
    case 'jwt':
      return IntrospectionResponse.jwt();
    case 'json':
      return IntrospectionResponse.json();
    case 'signed':
      return IntrospectionResponse.signed();
    default:
      return IntrospectionResponse.member(response.member);
  }
}

function clientAuthentication({ introspection, token }: DeploymentConfig): ClientAuthentication {
  const given = introspection.clientAuthentication;
  const options =
    typeof given === 'string' ? clientAuthenticationOptions.parse({ method: given }) : given;
  switch (options.method) {
    case 'client_secret_basic':
      return ClientAuthentication.clientSecretBasic(options.encoding as BasicEncoding);
    case 'client_secret_post':
      return ClientAuthentication.clientSecretPost();
    case 'private_key_jwt':
      return ClientAuthentication.privateKeyJwt(
        options.audience ?? token.issuer ?? introspection.endpoint,
        options.algorithm,
      );
    case 'tls_client_auth':
      return ClientAuthentication.tlsClientAuth();
    case 'bearer':
      return ClientAuthentication.bearer();
    case 'none':
      return ClientAuthentication.none();
  }
}
