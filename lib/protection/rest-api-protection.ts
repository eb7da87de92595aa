import { Lazy } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CfnAuthorizer,
  CfnMethod,
  CfnRestApi,
  type IAuthorizer,
  type IRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct, IConstruct } from 'constructs';
import { resourcesWith } from '../cdk/construct-tree';
import { referentOf } from '../cdk/referent';
import { commonScopes, stepUpScopes } from '../scopes/challenge-scopes';
import type { ScopeRequirement } from '../scopes/scope-requirement';
import type { KeySet } from '../signing/key-set';
import { DEFAULTS } from '../validation/defaults';
import { PropError } from '../validation/prop-error';
import { ApiProtection } from './api-protection';
import type { ApiProtectionOptions, RouteAuthorizerOptions } from './api-protection-options';
import type { AuthorizerOptions } from './authorizer-options';
import { apiReferentOf, declaredApi } from './declared-api';
import type { DeclaredRoute } from './declared-route';
import { keySetRoutes, METADATA_ROUTES } from './document-routes';
import { addMetadataFunction } from './metadata-function';
import { warnOfSeveralResources, warnOfUnreadableResponses } from './protection-warnings';
import { DeclaredGatewayResponses } from './rest/declared-gateway-responses';
import { declaredMethod, protectedMethod } from './rest/declared-method';
import { deploymentFindings, prepareDeployments } from './rest/deployments';
import { addDocumentMethods } from './rest/document-methods';
import { AuthorizerResponses } from './rest/gateway-responses';
import {
  PhantomTokenRestIntegration,
  type PhantomTokenRestIntegrationOptions,
  PROOF_REMOVAL,
} from './rest/phantom-token-rest-integration';
import { addProtectedResourceMetadata } from './rest/protected-resource-metadata';
import { type ProtectedMethod, stageFindings } from './rest/stage-findings';

/** Props of {@link RestApiProtection}. */
export interface RestApiProtectionProps extends ApiProtectionOptions {
  /**
   * The API. Its methods are those that this app declares, before or after the protection is created.
   * Methods of an imported API that are declared elsewhere are neither protected nor checked, and you must
   * deploy those that are declared here. APIs with an OpenAPI definition are rejected, because the
   * protection cannot see their methods.
   */
  readonly api: IRestApi;
  /**
   * Realm in challenges.
   *
   * @default api
   */
  readonly realm?: string;
  /**
   * Origins whose pages can read the responses that API Gateway sends for the authorizer.
   *
   * @default - the CORS headers of the app's own `DEFAULT_4XX` and `DEFAULT_5XX` responses, if any
   */
  readonly allowOrigins?: readonly string[];
  /**
   * Further headers of the 401, 403 and 503 that API Gateway sends for the authorizer. Values are written
   * as for CDK's `GatewayResponse`: static ones in single quotes.
   *
   * @default - none; the headers of the app's own `DEFAULT_4XX` and `DEFAULT_5XX` responses are kept in any case
   */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /**
   * Templates of the bodies of these responses, by media type. They can use variables such as
   * `$context.error.responseType` and `$context.requestId`.
   *
   * @default - JSON with `code` and `message`; a 403 also has the `scope` that the request needs
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
   */
  readonly responseTemplates?: Readonly<Record<string, string>>;
}

/**
 * Protection of a REST API: its methods get authorizers, its upstreams phantom tokens, its clients
 * challenges (401, 403) and, if the authorizer fails, 503. Declare a method with `authorizer()` or
 * `publicAccess()`. Synthesis fails, and lists all findings, if
 * - a method has no authorizer and is not declared public; methods with another authorizer or with IAM
 *   authorization, and CDK's preflight methods, are not checked;
 * - the HTTP integration of a protected method does not replace the client's `Authorization` header;
 * - a stage caches the responses of a protected method without `method.request.header.Authorization` among
 *   the `cacheKeyParameters` of its integration, so that one caller gets the response of another;
 * - a stage has `dataTraceEnabled` for a protected method, so that tokens go into the execution logs.
 *
 * Findings that end in `[ack: …]` can be acknowledged by that id at the stage:
 * `Validations.of(stage).acknowledge({ id, reason })`.
 *
 * Lambda integrations need no mapping: API Gateway does not change headers for a function, which finds
 * the phantom token in the authorizer context. `phantom-token-authorizer/upstream` reads it.
 *
 * @example
 * const protection = new RestApiProtection(this, 'Protection', { api, authorizerFunction });
 * api.root.addResource('orders').addMethod('GET', protection.httpIntegration('https://…/orders'), {
 *   authorizer: protection.authorizer({ scopes: ['orders:read'] }),
 * });
 * api.root.addResource('health').addMethod('GET', new HttpIntegration('https://…/health'), {
 *   authorizer: protection.publicAccess(),
 * });
 */
export class RestApiProtection extends ApiProtection {
  protected override readonly isKeyedByRoute = false;
  private readonly gatewayResponses: DeclaredGatewayResponses;
  private readonly responses: AuthorizerResponses;
  private readonly api: IRestApi;

  /** @throws PropError if a prop cannot be deployed. */
  constructor(scope: Construct, id: string, props: RestApiProtectionProps) {
    const { api } = props;
    assertHasMethods(api);
    super(scope, id, { ...props, apiId: api.restApiId });
    this.api = api;
    this.gatewayResponses = new DeclaredGatewayResponses(this, this.apiReferent);
    const acceptsDpop = this.authorizerFunction.acceptsBoundTokens;
    const binding = this.bindingOfResources();
    addProtectedResourceMetadata(api, this.resources, this.publicAccess(), binding);
    const { authorizationServerMetadata } = props;
    if (authorizationServerMetadata !== undefined) {
      const metadata = addMetadataFunction(this, { authorizationServerMetadata });
      addDocumentMethods(api, metadata, METADATA_ROUTES, this.publicAccess());
    }
    const [resource, ...others] = this.resources;
    if (others.length > 0) warnOfSeveralResources(this);
    this.responses = new AuthorizerResponses(this, api, {
      realm: props.realm ?? DEFAULTS.realm,
      scopes: () => commonScopes(this.requirements(), this.scopes),
      stepUpScopes: () => stepUpScopes(this.requirements(), this.scopes),
      allowOrigins: props.allowOrigins,
      responseHeaders: props.responseHeaders,
      responseTemplates: props.responseTemplates,
      // Clients reject the metadata of another resource, and find that of their own by its URL.
      resourceMetadata: others.length > 0 ? undefined : resource?.url,
      acceptsDpop,
    });
  }

  /**
   * Returns the authorizer of methods that require these scopes. **CDK's own `authorizationScopes` of a
   * method has no effect with it**: CDK drops the option for all but Cognito authorizers, without a warning.
   * Pass the scopes here.
   *
   * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_apigateway.MethodOptions.html#authorizationscopes
   * @throws PropError if a scope is not valid.
   */
  authorizer(options: RouteAuthorizerOptions = {}): IAuthorizer {
    return {
      authorizerId: this.authorizerIdFor(options),
      authorizationType: AuthorizationType.CUSTOM,
    };
  }

  /** Marks a method as public (no authorizer). The client's `Authorization` header passes unchanged. */
  publicAccess(): IAuthorizer {
    return {
      authorizerId: this.authorizations.noAuthorizerId,
      authorizationType: AuthorizationType.NONE,
    };
  }

  /**
   * Returns an HTTP proxy integration that sends the phantom token in the `Authorization` header. Path
   * parameters in the URL are those of the resource. For an upstream in a VPC, set `vpcLink`. If the function
   * accepts tokens that are bound to their senders, the header `DPoP` is overwritten: the proof is used up.
   *
   * @param url URL such as `https://orders.internal.example.com/orders/{id}`
   */
  httpIntegration(
    url: string,
    options: PhantomTokenRestIntegrationOptions = {},
  ): PhantomTokenRestIntegration {
    if (!this.authorizerFunction.acceptsBoundTokens) {
      return new PhantomTokenRestIntegration(url, options);
    }
    const requestParameters = { ...PROOF_REMOVAL, ...options.requestParameters };
    return new PhantomTokenRestIntegration(url, { ...options, requestParameters });
  }

  /** Adds public methods that serve the keys by which upstreams verify minted phantom tokens. */
  publishKeySet(keySet: KeySet): void {
    const routes = keySetRoutes(this.servesForeignMetadata);
    addDocumentMethods(this.api, keySet.lambdaFunction, routes, this.publicAccess());
    keySet.markPublished();
  }

  protected override createAuthorizer(options: AuthorizerOptions): CfnAuthorizer {
    const { id, name, isKeyedByRoute, resultTtlSeconds } = options;
    const sources = ['method.request.header.Authorization'];
    const route = ['context.httpMethod', 'context.resourcePath'];
    const properties = {
      name,
      restApiId: this.apiId,
      type: 'REQUEST',
      authorizerUri: this.authorizerUri(),
      authorizerResultTtlInSeconds: resultTtlSeconds,
      identitySource: Lazy.string({
        produce: () => [...sources, ...(isKeyedByRoute() ? route : [])].join(),
      }),
    };
    return new CfnAuthorizer(this, id, properties);
  }

  protected override declaredRoutes(within?: IConstruct): readonly DeclaredRoute[] {
    return this.methods()
      .filter(({ node }) => within === undefined || node.scopes.includes(within))
      .map((method) => this.declaredMethod(method));
  }

  protected override prepareApi(): void {
    super.prepareApi();
    const added = this.responses.prepare(this.gatewayResponses.ofApp());
    prepareDeployments(this, this.apiReferent, () => ({
      methods: this.methods(),
      authorizers: this.authorizations.authorizers() as readonly CfnAuthorizer[],
      gatewayResponses: [...new Set([...this.gatewayResponses.all(), ...added])],
    }));
  }

  protected override findings(): readonly string[] {
    const elsewhere = this.authorizations
      .authorizers()
      .flatMap((it) => resourcesWith(this, CfnMethod, 'authorizerId', it))
      .filter((it) => referentOf(it, it.restApiId) !== this.apiReferent)
      .map(({ node }) => `${node.path}: has an authorizer of another API`);
    const hasPreflight = this.declaredRoutes().some((it) => it.isPreflight());
    if (hasPreflight && !this.responses.areReadableByPages()) warnOfUnreadableResponses(this);
    const unprepared = deploymentFindings(this, this.apiReferent);
    const disclosed = stageFindings(this, this.apiReferent, this.protectedMethods());
    return [
      ...super.findings(),
      ...elsewhere,
      ...this.gatewayResponses.faults(),
      ...unprepared,
      ...disclosed,
    ];
  }

  private declaredMethod(method: CfnMethod): DeclaredRoute {
    return declaredMethod(method, this.authorizerFunction.acceptsBoundTokens);
  }

  private methods(): readonly CfnMethod[] {
    return resourcesWith(this, CfnMethod, 'restApiId', this.apiReferent);
  }

  private protectedMethods(): readonly ProtectedMethod[] {
    return this.methods()
      .filter((method) => this.isProtected(this.declaredMethod(method)))
      .flatMap((method) => protectedMethod(method) ?? []);
  }

  private requirements(): readonly ScopeRequirement[] {
    return this.protectedRoutes().map(({ requirement }) => requirement);
  }
}

function assertHasMethods(api: IRestApi): void {
  const resource = declaredApi(apiReferentOf(api, api.restApiId));
  if (!(resource instanceof CfnRestApi)) return;
  if (resource.body === undefined && resource.bodyS3Location === undefined) return;
  throw new PropError(
    `api must declare its methods in the app: ${api.node.path} has them in an OpenAPI definition. Declare ` +
      'them in a RestApi with addMethod(), or let a PhantomTokenRestApi that is the only client of this API ' +
      'proxy to it',
  );
}
