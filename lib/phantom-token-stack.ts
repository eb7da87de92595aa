import {
  Annotations,
  CfnOutput,
  Duration,
  RemovalPolicy,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { accessLogs } from './access-logs';
import { CacheControl } from './authorizer-environment';
import { AuthorizerFunction } from './authorizer-function';
import { type AssertionAlgorithm, ClientAuthentication } from './client-authentication';
import type { DeploymentConfig } from './deployment-config-schema';
import { IntrospectionResponse } from './introspection-response';
import { PhantomTokenAuthorizer } from './phantom-token-authorizer';
import { EVERY_ROUTE, PhantomTokenRestApi } from './phantom-token-rest-api';
import { scopeRules } from './route-scopes';
import { TokenCacheTable } from './token-cache-table';

export interface PhantomTokenStackProps extends StackProps {
  /** What a deployment config file holds. @see loadDeploymentConfig */
  readonly config: DeploymentConfig;
}

/** A REST API in front of an upstream API, with everything the phantom token pattern takes. */
export class PhantomTokenStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: PhantomTokenStackProps) {
    super(scope, id, props);
    const { introspection, token, cache, api } = config;
    const routes = api.routes ?? EVERY_ROUTE;
    const scopes = scopeRules(
      api.scopes,
      routes.filter((route) => !route.public),
    );

    const credentials = this.credentials(introspection.credentialsSecretArn);
    const tokenCache = new TokenCacheTable(this, 'TokenCache');
    const authorizerFunction = new AuthorizerFunction(this, 'Authorizer', {
      introspectionEndpoint: introspection.endpoint,
      introspectionTimeout: Duration.millis(introspection.timeoutSeconds * 1000),
      introspectionResponse:
        introspection.response === 'jwt'
          ? IntrospectionResponse.jwt()
          : IntrospectionResponse.member(introspection.response.member),
      introspectionAccept: introspection.accept,
      introspectionParameters: introspection.parameters,
      clientAuthentication: clientAuthentication(config),
      caBundle: introspection.caBundle,
      credentials,
      tokenCache,
      issuer: token.issuer,
      audience: token.audience,
      tokenTypes: token.types,
      jwksUri: token.jwksUri,
      scopes,
      cacheMaxTtl: Duration.millis(cache.maxTtlSeconds * 1000),
      cacheInactiveTtl: Duration.millis(cache.inactiveTtlSeconds * 1000),
      cacheControl: cache.cacheControl === 'ignore' ? CacheControl.IGNORE : CacheControl.RESPECT,
    });
    const restApi = new PhantomTokenRestApi(this, 'Api', {
      deployOptions: {
        ...accessLogs(this, 'AccessLogs', RetentionDays.ONE_MONTH),
        tracingEnabled: true,
      },
      authorizer: new PhantomTokenAuthorizer(this, 'RequestAuthorizer', {
        handler: authorizerFunction.function,
        resultTtl: Duration.seconds(cache.authorizerResultTtlSeconds),
        resultPerRoute: scopes.routeScopes !== undefined,
      }),
      upstream: api.upstream,
      realm: api.realm,
      scopes: api.scopes,
      routes,
      allowOrigins: api.cors?.allowOrigins,
    });

    if (!token.audience) {
      Annotations.of(this).addWarningV2(
        'phantom-token-authorizer:no-audience',
        'token.audience is not set: a token issued for any other API of this authorization server is accepted. Set it to the name this API has there.',
      );
    }
    // RestApi's own output has an unstable name.
    restApi.node.tryRemoveChild('Endpoint');
    this.output('ApiUrl', restApi.url, 'Where clients call the API');
    this.output(
      'CredentialsSecretArn',
      credentials.secretArn,
      'Set client_id and client_secret here',
    );
    this.output('TokenCacheTableName', tokenCache.tableName, 'The token cache');
    this.output(
      'AuthorizerFunctionName',
      authorizerFunction.function.functionName,
      'The authorizer',
    );
  }

  /**
   * A new secret holds a random string, not credentials: until they are set, every request is answered
   * with 503 and the log says what to do.
   */
  private credentials(secretArn: string | undefined): ISecret {
    if (secretArn) return Secret.fromSecretCompleteArn(this, 'Credentials', secretArn);
    return new Secret(this, 'Credentials', {
      description: 'Introspection client of the authorizer: JSON with client_id and client_secret',
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

function clientAuthentication({ introspection, token }: DeploymentConfig): ClientAuthentication {
  const given = introspection.clientAuthentication;
  const settings = typeof given === 'string' ? { method: given } : given;
  switch (settings.method) {
    case 'client_secret_basic':
      return ClientAuthentication.clientSecretBasic(
        'encoding' in settings ? settings.encoding : 'form',
      );
    case 'client_secret_post':
      return ClientAuthentication.clientSecretPost();
    case 'private_key_jwt': {
      const { audience, algorithm } = { audience: undefined, algorithm: undefined, ...settings };
      return ClientAuthentication.privateKeyJwt(
        audience ?? token.issuer ?? introspection.endpoint,
        algorithm as AssertionAlgorithm | undefined,
      );
    }
    case 'tls_client_auth':
      return ClientAuthentication.tlsClientAuth();
  }
}
