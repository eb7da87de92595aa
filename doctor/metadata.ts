import { secureUrl } from '../lambda/core/config-values';
import type { HttpResponse } from '../lambda/core/http-response';
import { type JsonObject, parseJsonObject } from '../lambda/core/json';

/** Discovery document of an authorization server, as far as it is read. */
export interface Metadata {
  /** URL of the document. */
  readonly url: URL;
  readonly issuer: string;
  readonly introspectionEndpoint: string | undefined;
  /** Introspection endpoint for mutual TLS, if it is another one. */
  readonly mutualTlsEndpoint: string | undefined;
  readonly jwksUri: string | undefined;
  /** Methods of client authentication at the introspection endpoint; `undefined` if not stated. */
  readonly methods: readonly string[] | undefined;
  /** Methods at the token endpoint, which often are those at the introspection endpoint too. */
  readonly tokenEndpointMethods: readonly string[] | undefined;
  /** `true` if the server can sign introspection responses. */
  readonly signsResponses: boolean;
}

const OPENID = '/.well-known/openid-configuration';
const OAUTH = '/.well-known/oauth-authorization-server';

/** Maximum number of path segments of an endpoint below which a document is looked for. */
const MAX_SEGMENTS = 6;

/**
 * Returns the URLs at which the discovery document can be, the most likely first: those that the issuer
 * defines, then those above the introspection endpoint, for an issuer that is wrong or not configured.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-3.1
 */
export function metadataUrls(issuer: string | undefined, endpoint: string | undefined): URL[] {
  const urls = [...belowIssuer(issuer), ...aboveEndpoint(endpoint)];
  return [...new Set(urls)].map((url) => new URL(url));
}

/** Returns whether the URL of a document follows from the issuer. */
export function isDefinedBy(issuer: string | undefined, url: URL): boolean {
  return belowIssuer(issuer).includes(url.href);
}

function belowIssuer(issuer: string | undefined): string[] {
  const url = issuer === undefined ? undefined : secureUrl(issuer);
  if (url === undefined) return [];
  const path = url.pathname.replace(/\/$/, '');
  return [`${url.origin}${path}${OPENID}`, `${url.origin}${OAUTH}${path}`].map(normalized);
}

function aboveEndpoint(endpoint: string | undefined): string[] {
  const url = endpoint === undefined ? undefined : secureUrl(endpoint);
  if (url === undefined) return [];
  const segments = url.pathname.split('/').slice(1, -1).slice(0, MAX_SEGMENTS);
  const bases = [...segments, ''].map((_, index) => segments.slice(0, segments.length - index));
  const paths = bases.map((base) => base.map((segment) => `/${segment}`).join(''));
  // Curity's endpoints are next to each other.
  const curity = paths[0] === undefined ? [] : [`${paths[0]}/oauth-anonymous`];
  return [...curity, ...paths]
    .flatMap((path) => [`${url.origin}${path}${OPENID}`, `${url.origin}${OAUTH}${path}`])
    .map(normalized);
}

const normalized = (url: string) => new URL(url).href;

/** Reads a discovery document; `undefined` if the response is not one. */
export function readMetadata(url: URL, { status, body }: HttpResponse): Metadata | undefined {
  const document = status === 200 ? parseJsonObject(body.toString('utf8')) : undefined;
  const issuer = document && text(document, 'issuer');
  if (document === undefined || issuer === undefined) return undefined;
  const aliases = document['mtls_endpoint_aliases'];
  const alias = isObject(aliases) ? text(aliases, 'introspection_endpoint') : undefined;
  const introspectionEndpoint = text(document, 'introspection_endpoint');
  return {
    url,
    issuer,
    introspectionEndpoint,
    mutualTlsEndpoint: alias === introspectionEndpoint ? undefined : alias,
    jwksUri: text(document, 'jwks_uri'),
    methods: list(document, 'introspection_endpoint_auth_methods_supported'),
    tokenEndpointMethods: list(document, 'token_endpoint_auth_methods_supported'),
    signsResponses: list(document, 'introspection_signing_alg_values_supported') !== undefined,
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

function text(document: JsonObject, name: string): string | undefined {
  const value = document[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function list(document: JsonObject, name: string): readonly string[] | undefined {
  const value = document[name];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.filter((entry) => typeof entry === 'string');
}
