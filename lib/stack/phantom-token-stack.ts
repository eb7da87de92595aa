import { Annotations, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { httpAccessLogs, restAccessLogs } from '../api/access-logs';
import { PhantomTokenHttpApi } from '../api/phantom-token-http-api';
import { PhantomTokenRestApi } from '../api/phantom-token-rest-api';
import { AuthorizerFunction } from '../authorizer/authorizer-function';
import { CacheControl } from '../authorizer/cache-control';
import { ClientAuthentication } from '../authorizer/client-authentication';
import { IntrospectionResponse } from '../authorizer/introspection-response';
import { acceptsBoundTokens, SenderConstraint } from '../authorizer/sender-constraint';
import { acknowledgeApi } from '../cdk/nag-suppressions';
import { supportedScopes } from '../scopes/route-scopes';
import { clientAuthenticationOptions } from './config/introspection-schema';
import type { DeploymentConfig } from './config/schema';
import { addObservability, functionOptions } from './operations';
import { addSigning } from './signing';

/** Props of {@link PhantomTokenStack}. */
export interface PhantomTokenStackProps extends StackProps {
  /** Deployment config. @see loadDeploymentConfig */
  readonly config: DeploymentConfig;
}

/** API, its URL, and the metric of its requests. */
interface DeployedApi {
  readonly api: PhantomTokenRestApi | PhantomTokenHttpApi;
  readonly url: string;
  readonly requests: IMetric;
}

/** Stack of an API in front of an upstream API, with its authorizer and, if configured, observability. */
export class PhantomTokenStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: PhantomTokenStackProps) {
    super(scope, id, props);
    const { introspection, token, cache, api, operations } = config;
    const { credentialsSecretArn } = introspection;
    const signing = token.mint && addSigning(this, token.mint);
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
          : Secret.fromSecretCompleteArn(this, 'Credentials', credentialsSecretArn),
      issuer: token.issuer,
      audience: token.audience,
      tokenTypes: token.types,
      jwksUri: token.jwksUri,
      mint: signing?.mint,
      untyped: token.untyped,
      notBeforeTolerance: Duration.millis(token.notBeforeToleranceSeconds * 1000),
      senderConstraint: senderConstraint(config),
      usageIdentifierClaim: api.usageIdentifierClaim,
      cacheMaxTtl: Duration.millis(cache.maxTtlSeconds * 1000),
      cacheInactiveTtl: Duration.millis(cache.inactiveTtlSeconds * 1000),
      cacheControl: cache.cacheControl === 'ignore' ? CacheControl.IGNORE : CacheControl.RESPECT,
      cacheTimeout: Duration.millis(cache.timeoutMilliseconds),
      coalesceIntrospections: cache.coalesceIntrospections,
      logIdentities: operations.logIdentities,
      ...functionOptions(this, operations),
    });
    const deployed =
      api.type === 'HTTP' ? this.httpApi(config, authorizer) : this.restApi(config, authorizer);
    const { url, requests } = deployed;
    if (signing) deployed.api.protection.publishKeySet(signing.keySet);
    acknowledgeApi(deployed.api);
    addObservability(this, operations, { authorizerFunction: authorizer, requests });

    if (api.type === 'REST' && api.phantomTokenHeader) {
      Annotations.of(this).addWarningV2(
        'phantom-token-authorizer:phantom-token-header',
        'api.phantomTokenHeader has no effect on REST APIs: the phantom token goes into Authorization.',
      );
    }
    this.output('ApiUrl', url, 'URL of the API for clients');
    this.output(
      'CredentialsSecretArn',
      authorizer.credentials.secretArn,
      'Secret for the credentials of the introspection client',
    );
    this.output('TokenCacheTableName', authorizer.tokenCache.tableName, 'The token cache');
    this.output('AuthorizerFunctionName', authorizer.lambdaFunction.functionName, 'The authorizer');
  }

  private restApi(config: DeploymentConfig, authorizerFunction: AuthorizerFunction): DeployedApi {
    const { api, token, operations } = config;
    const restApi = new PhantomTokenRestApi(this, 'Api', {
      // CloudWatch identifies REST APIs by name, not by ID.
      restApiName: this.stackName,
      deployOptions: {
        ...restAccessLogs(this, 'AccessLogs', accessLogOptions(operations)),
        tracingEnabled: true,
      },
      authorizerFunction,
      resultTtl: resultTtl(config),
      upstream: api.upstream,
      realm: api.realm,
      scopes: api.scopes,
      routes: api.routes,
      allowOrigins: api.cors?.allowOrigins,
      protectedResource: api.protectedResource && {
        authorizationServers: token.issuer ? [token.issuer] : [],
        scopesSupported: supportedScopes(api.scopes, api.routes ?? []),
        ...api.protectedResource,
      },
      publicUrls: api.publicUrls,
      usagePlansByToken: api.usageIdentifierClaim !== undefined,
    });
    // The name of RestApi's own output is not stable.
    restApi.node.tryRemoveChild('Endpoint');
    return { api: restApi, url: restApi.url, requests: restApi.metricCount() };
  }

  private httpApi(config: DeploymentConfig, authorizerFunction: AuthorizerFunction): DeployedApi {
    const { api, operations } = config;
    const httpApi = new PhantomTokenHttpApi(this, 'Api', {
      createDefaultStage: false,
      authorizerFunction,
      resultTtl: resultTtl(config),
      upstream: api.upstream,
      phantomTokenHeader: api.phantomTokenHeader,
      scopes: api.scopes,
      routes: api.routes,
      allowOrigins: api.cors?.allowOrigins,
      publicUrls: api.publicUrls,
    });
    const stage = httpApi.addStage('DefaultStage', {
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: httpAccessLogs(this, 'AccessLogs', accessLogOptions(operations)),
    });
    return { api: httpApi, url: stage.url, requests: httpApi.metricCount() };
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

function accessLogOptions({ logIdentities }: DeploymentConfig['operations']) {
  return { retention: RetentionDays.ONE_MONTH, logIdentities };
}

function senderConstraint({ token }: DeploymentConfig): SenderConstraint {
  const modes = Object.values(SenderConstraint);
  return modes.find((mode) => mode === token.senderConstraint) ?? SenderConstraint.REFUSE;
}

/** Returns the lifetime of results: 0 where each request has a proof of its own. */
function resultTtl(config: DeploymentConfig): Duration {
  const isOff = acceptsBoundTokens(senderConstraint(config));
  return Duration.seconds(isOff ? 0 : config.cache.authorizerResultTtlSeconds);
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
      return ClientAuthentication.clientSecretBasic(options.encoding);
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
