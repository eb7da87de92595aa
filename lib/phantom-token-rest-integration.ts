import { HttpIntegration } from 'aws-cdk-lib/aws-apigateway';
import { ContextKey } from '../lambda/contract';
import { pathParameters, upstreamUrl } from './route-path';

/** Where a route of a REST API leads. */
export interface PhantomTokenRestIntegrationProps {
  /** Base URL of the upstream API, without a trailing slash. */
  readonly upstream: string;
  /** Resource path of the route, such as `/orders/{id}`; it is appended to the upstream's URL. */
  readonly path: string;
  /** Method of the route; `ANY` is passed on as itself. */
  readonly method: string;
  /**
   * Whether the route has no authorizer, so that there is no phantom token to send.
   *
   * @default false
   */
  readonly public?: boolean;
}

/**
 * Proxies a route to the same path of an upstream API. The upstream's `Authorization` header is the
 * phantom token from the authorizer context; without that mapping the client's opaque token would pass.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export class PhantomTokenRestIntegration extends HttpIntegration {
  constructor({ upstream, path, method, public: isPublic }: PhantomTokenRestIntegrationProps) {
    const pathMappings = pathParameters(path).map((name) => [
      `integration.request.path.${name}`,
      `method.request.path.${name}`,
    ]);
    super(upstreamUrl(upstream, path), {
      proxy: true,
      httpMethod: method,
      options: {
        requestParameters: {
          ...Object.fromEntries(pathMappings),
          ...(!isPublic && {
            'integration.request.header.Authorization': `context.authorizer.${ContextKey.authorization}`,
          }),
        },
      },
    });
  }
}
