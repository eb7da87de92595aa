import { Lazy, Token } from 'aws-cdk-lib';
import {
  type CfnGatewayResponse,
  GatewayResponse,
  type GatewayResponseOptions,
  type IRestApi,
  ResponseType,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { ContextKey, DPOP_ALGORITHMS } from '../../../lambda/contract';
import { assertProp } from '../../validation/prop-error';
import { REALM, REALM_RULE } from '../../validation/prop-patterns';
import {
  assertResponseHeaders,
  corsHeaders,
  headersOf,
  mergeHeaders,
  type ResponseHeaders,
  responseParameters,
} from './response-headers';

/** Content of the challenges and error responses of an API. */
export interface GatewayResponsesProps {
  /** Realm in challenges. */
  readonly realm: string;
  /** Returns the scopes that every route requires, for challenges; called when all routes are declared. */
  readonly scopes: () => readonly string[];
  /**
   * Returns the scopes that the challenge of a 403 names; called when all routes are declared.
   *
   * @default - those of `scopes`
   */
  readonly stepUpScopes?: () => readonly string[];
  /**
   * Origins whose pages can read the responses.
   *
   * @default - no CORS headers
   */
  readonly allowOrigins?: readonly string[];
  /**
   * Further headers of the responses.
   *
   * @default - none
   */
  readonly responseHeaders?: ResponseHeaders;
  /**
   * Templates of the bodies by media type.
   *
   * @default - JSON with `code` and `message`; a 403 also has `scope`
   */
  readonly responseTemplates?: Readonly<Record<string, string>>;
  /**
   * URL of the protected resource metadata, for challenges (RFC 9728 §5.1).
   *
   * @default - challenges do not name it
   */
  readonly resourceMetadata?: string | undefined;
  /**
   * True if challenges also offer the scheme `DPoP`.
   *
   * @default false
   */
  readonly acceptsDpop?: boolean;
}

/**
 * Scopes that a denied request needs. The authorizer sets the variable with each denial, safe inside JSON. That
 * gateway responses can contain it is known of bodies, and not of headers.
 *
 * @see https://repost.aws/questions/QUKDpmrAvWSCKwfjxhRiZD4Q/customizing-rest-api-gateway-authorizer-response
 */
const REQUIRED_SCOPE = `$context.authorizer.${ContextKey.requiredScope}`;

/** Value of `Retry-After` when the authorizer failed, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Maximum length of the scopes in a challenge, in characters. Proxies and clients limit the headers of a response,
 * often to 4 or 8 KB together.
 */
const MAX_SCOPE_LENGTH = 2048;

/** Gateway response of the protection. */
interface OwnResponse {
  readonly resource: CfnGatewayResponse;
  /** Type of the response that API Gateway would send otherwise. */
  readonly fallback: ResponseType;
  /** Headers that only this response has. */
  readonly headers: ResponseHeaders;
}

/**
 * Responses that API Gateway sends for the authorizer: 401 and 403 with RFC 6750 challenges, and 503 if the
 * authorizer failed.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export class AuthorizerResponses {
  private readonly cors: ResponseHeaders | undefined;
  private readonly responses: readonly OwnResponse[];

  /** @throws PropError if realm, origins or headers are not valid in a header. */
  constructor(
    private readonly scope: Construct,
    private readonly restApi: IRestApi,
    private readonly props: GatewayResponsesProps,
  ) {
    const isRealm = Token.isUnresolved(props.realm) || REALM.test(props.realm);
    assertProp('realm', props.realm, REALM_RULE, isRealm);
    assertResponseHeaders(props.responseHeaders ?? {});
    this.cors = corsHeaders(props.allowOrigins);
    const challenges = (error?: string): ResponseHeaders => ({
      'WWW-Authenticate': Lazy.string({ produce: () => challenge(props, error) }),
    });
    const retry: ResponseHeaders = { 'Retry-After': `'${RETRY_AFTER_SECONDS}'` };
    const unauthorized = this.body('unauthorized', 'Missing, invalid or expired access token');
    const code = 'insufficient_scope';
    const forbidden = this.body(code, 'The token does not contain the required scope', {
      scope: REQUIRED_SCOPE,
    });
    const failed = this.body('server_error', 'Problem encountered authorizing the request');
    const { UNAUTHORIZED, ACCESS_DENIED, DEFAULT_4XX, DEFAULT_5XX } = ResponseType;
    const { AUTHORIZER_FAILURE, AUTHORIZER_CONFIGURATION_ERROR } = ResponseType;
    this.responses = [
      this.add('Unauthorized', UNAUTHORIZED, '401', DEFAULT_4XX, unauthorized, challenges()),
      this.add('AccessDenied', ACCESS_DENIED, '403', DEFAULT_4XX, forbidden, challenges(code)),
      this.add('AuthorizerFailure', AUTHORIZER_FAILURE, '503', DEFAULT_5XX, failed, retry),
      this.add(
        'AuthorizerConfigurationError',
        AUTHORIZER_CONFIGURATION_ERROR,
        '503',
        DEFAULT_5XX,
        failed,
        retry,
      ),
    ];
  }

  /**
   * Completes the responses, when the app has declared its own ones: those of the authorizer keep the headers
   * that the app's default responses have. With CORS, default responses that the app lacks are added.
   *
   * @returns the added responses
   */
  prepare(ofApp: readonly CfnGatewayResponse[]): readonly CfnGatewayResponse[] {
    const ofType = ({ responseType }: ResponseType) =>
      ofApp.find((it) => it.responseType === responseType);
    for (const { resource, fallback, headers } of this.responses) {
      const inherited = headersOf(ofType(fallback));
      const all = mergeHeaders(inherited, this.cors, this.props.responseHeaders, headers);
      resource.responseParameters = responseParameters(all);
    }
    if (this.cors === undefined) return [];
    const responseHeaders = { ...this.cors };
    // No status code: it would change every response of the class.
    return (
      [
        ['Default4xx', ResponseType.DEFAULT_4XX] as const,
        ['Default5xx', ResponseType.DEFAULT_5XX] as const,
      ]
        // An app can be synthesized several times.
        .filter(([id, type]) => !this.scope.node.tryFindChild(id) && ofType(type) === undefined)
        .map(([id, type]) => this.create(id, { type, responseHeaders }))
    );
  }

  /** Returns whether pages of another origin can read a 401. */
  areReadableByPages(): boolean {
    return this.responses.every(({ resource }) =>
      Object.keys(headersOf(resource)).some(
        (name) => name.toLowerCase() === 'access-control-allow-origin',
      ),
    );
  }

  private add(
    id: string,
    type: ResponseType,
    statusCode: string,
    fallback: ResponseType,
    templates: Record<string, string>,
    headers: ResponseHeaders,
  ): OwnResponse {
    return { resource: this.create(id, { type, statusCode, templates }), fallback, headers };
  }

  private create(id: string, options: GatewayResponseOptions): CfnGatewayResponse {
    const response = new GatewayResponse(this.scope, id, { restApi: this.restApi, ...options });
    return response.node.defaultChild as CfnGatewayResponse;
  }

  private body(code: string, message: string, more: object = {}): Record<string, string> {
    const { responseTemplates } = this.props;
    const body = JSON.stringify({ code, message, ...more });
    return { ...(responseTemplates ?? { 'application/json': body }) };
  }
}

/**
 * Returns the challenges as a static value: in single quotes, which API Gateway removes. It is the same for all
 * responses of a type, so a 401 cannot say whether token or proof is at fault, nor contain a nonce.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 */
function challenge(props: GatewayResponsesProps, error?: string): string {
  const { realm, resourceMetadata } = props;
  const scopes = (error && props.stepUpScopes ? props.stepUpScopes : props.scopes)().join(' ');
  const isShort = scopes.length <= MAX_SCOPE_LENGTH;
  const parameters = [
    `realm="${realm}"`,
    ...(error ? [`error="${error}"`] : []),
    ...(scopes !== '' && isShort ? [`scope="${scopes}"`] : []),
    ...(resourceMetadata ? [`resource_metadata="${resourceMetadata}"`] : []),
  ];
  const bearer = `Bearer ${parameters.join(', ')}`;
  if (!props.acceptsDpop) return `'${bearer}'`;
  const algorithms = `algs="${DPOP_ALGORITHMS.join(' ')}"`;
  return `'${bearer}, DPoP ${algorithms}${error ? `, error="${error}"` : ''}'`;
}
