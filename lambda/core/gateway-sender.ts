import type { AuthorizerEvent } from './gateway-request';
import { headerValues } from './request-headers';
import { type RequestPath, requestUrls } from './request-url';
import type { Sender } from './sender-constraint';

/**
 * Reads the properties of a request by which its sender proves possession. The host comes from the configuration, never from a
 * header.
 *
 * @param publicUrls base URLs under which clients call the API
 */
export function readSender(event: AuthorizerEvent, publicUrls: readonly URL[]): Sender {
  return {
    method: 'routeKey' in event ? event.requestContext.http.method : event.httpMethod,
    urls: requestUrls(publicUrls, readPath(event)),
    proofs: headerValues(event, 'dpop'),
    certificate: certificateOf(event),
  };
}

/** Returns the path of a request. In some events the base path or stage is a part of it, in others not. */
function readPath(event: AuthorizerEvent): RequestPath {
  if ('routeKey' in event) return httpPath(event.rawPath, event.requestContext.stage);
  if ('version' in event) return httpPath(event.path, event.requestContext.stage);
  return restPath(event.path, event.requestContext);
}

/**
 * Returns the path of a REST API. On the execute-api domain only the path of the context contains the stage. On a custom domain both paths are
 * as the client sent them, with base path and stage.
 *
 * @see https://github.com/localstack/localstack/pull/12296
 */
function restPath(
  path: string,
  { path: full = path, stage }: { readonly path?: string; readonly stage?: string },
): RequestPath {
  const below = withoutStage(full, stage);
  const hasStage = below !== undefined && isSamePath(below, path);
  return hasStage
    ? { path: below, basePath: 'absent', encoding: 'kept' }
    : { path: full, basePath: 'included', encoding: 'kept' };
}

/** Compares paths, except for the slashes that they start with: only the path of the context has all of them. */
function isSamePath(one: string, other: string): boolean {
  const normalize = (path: string) => path.replace(/^\/+/, '');
  return normalize(one) === normalize(other);
}

/**
 * Returns the path of an HTTP API. It contains the stage, unless that is `$default`. On a custom domain it can contain the base path.
 *
 * @see https://github.com/CodeGenieApp/serverless-express/issues/465
 */
function httpPath(full: string, stage: string): RequestPath {
  const below = stage === '$default' ? undefined : withoutStage(full, stage);
  return below === undefined
    ? { path: full, basePath: 'unknown', encoding: 'decoded' }
    : { path: below, basePath: 'absent', encoding: 'decoded' };
}

/** Returns the path below a stage; `undefined` if it is not below. */
function withoutStage(path: string, stage: string | undefined): string | undefined {
  const prefix = `/${stage}`;
  return path === prefix || path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}

/**
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html
 */
function certificateOf({ requestContext }: AuthorizerEvent): string | undefined {
  const { clientCert } =
    ('identity' in requestContext ? requestContext.identity : requestContext.authentication) ?? {};
  return clientCert?.clientCertPem;
}
