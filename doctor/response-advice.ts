import { isClientRejected } from '../lambda/core/client-rejection';
import type { HttpResponse } from '../lambda/core/http-response';
import { parseJsonObject } from '../lambda/core/json';
import { printable } from '../lambda/core/printable';
import type { DeploymentConfig } from '../lib/stack/config/schema';
import { memberName, methodName } from './config-values';
import { quoted } from './difference';
import type { Metadata } from './metadata';
import { serverKind } from './server-kind';

/** Server of a response: how it is configured, and how it describes itself. */
export interface ServerContext {
  readonly config: DeploymentConfig;
  readonly metadata: Metadata | undefined;
}

/** JWT in compact form, as the value of a member. */
const JWT = /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/;

const NOT_TO_FORWARD =
  'Add the header typ of the JWT to token.types, if it is that of access tokens. A signed introspection response is not a token to forward: see "Signed responses" in docs/authorization-servers.md.';

/**
 * Returns advice for a response of the introspection endpoint that the authorizer refuses; `undefined` if the
 * response gives no hint. Nothing of the response is quoted but media type, location and names of members.
 */
export function responseAdvice(response: HttpResponse, context: ServerContext): string | undefined {
  const { status } = response;
  if (isClientRejected(response)) return rejectionAdvice(status, context);
  if (status >= 300 && status < 400) return redirectAdvice(response, context);
  if (status === 404 || status === 405) return endpointAdvice(context);
  if (status === 406) return 'Set introspection.accept to a media type that the server returns.';
  if (status === 204)
    return 'Set introspection.response to "jwt": 204 is how such servers report inactive tokens.';
  if (status !== 200) return undefined;
  switch (mediaTypeOf(response)) {
    case 'application/json':
      return jsonAdvice(response, context);
    case 'application/jwt':
      return context.config.introspection.response === 'jwt'
        ? NOT_TO_FORWARD
        : 'Set introspection.response to "jwt": the response is the JWT itself.';
    case 'application/token-introspection+jwt':
      return 'The server signs its introspection responses. Set introspection.response to "signed" and configure token.mint: see "Signed responses" in docs/authorization-servers.md.';
    case 'text/html':
      return `The response is a web page. ${endpointAdvice(context)}`;
    default:
      return undefined;
  }
}

/** Sentences about rejected credentials, by the method of client authentication. */
const REJECTION_HINTS: Readonly<Record<string, string>> = {
  client_secret_basic:
    ' A secret with characters other than letters, digits and -._* can need { "method": "client_secret_basic", "encoding": "raw" } as introspection.clientAuthentication.',
  private_key_jwt:
    ' Compare the audience of introspection.clientAuthentication with what the server expects, and key_id with its public keys.',
  tls_client_auth:
    ' The server must know the subject of the certificate. Compare introspection.endpoint with its mtls_endpoint_aliases.',
};

function rejectionAdvice(status: number, { config, metadata }: ServerContext): string {
  const method = methodName(config);
  const methods = metadata?.methods ?? metadata?.tokenEndpointMethods;
  const other =
    methods && !methods.includes(method)
      ? ` The server takes ${methods.map(quoted).join(', ')}: set introspection.clientAuthentication.`
      : '';
  const allowed =
    status === 403 ? ' 403: this client is not allowed to introspect, or is a public client.' : '';
  return `Check client_id and the secret of the introspection client.${allowed}${other}${REJECTION_HINTS[method] ?? ''}`;
}

function endpointAdvice({ metadata }: ServerContext): string {
  const stated = metadata?.introspectionEndpoint;
  return stated === undefined
    ? 'Check the path of introspection.endpoint.'
    : `Set introspection.endpoint to ${quoted(stated)}, as the discovery document has it.`;
}

function redirectAdvice({ headers }: HttpResponse, context: ServerContext): string {
  const { location } = headers;
  const target =
    typeof location === 'string'
      ? ` to ${printable(location.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//'), 200)}`
      : '';
  return `The server redirects${target}, which is not followed. ${endpointAdvice(context)}`;
}

/** Returns advice for JSON: without a JWT, or with one in another member. */
function jsonAdvice(response: HttpResponse, { config }: ServerContext): string | undefined {
  const members = parseJsonObject(response.body.toString('utf8')) ?? {};
  const { active } = members;
  if (typeof active !== 'boolean') {
    return 'The JSON has no boolean "active": check introspection.endpoint.';
  }
  const configured = memberName(config);
  // A response about an inactive token has been seen with a JWT.
  const withJwt = active ? Object.keys(members).filter((name) => JWT.test(`${members[name]}`)) : [];
  if (configured !== undefined && withJwt.includes(configured)) return NOT_TO_FORWARD;
  if (withJwt[0] !== undefined) {
    return `Set introspection.response to { "member": ${quoted(withJwt[0])} }.`;
  }
  return missingMemberAdvice(config);
}

function missingMemberAdvice(config: DeploymentConfig): string {
  const { endpoint, accept, parameters } = config.introspection;
  const isMember = memberName(config) !== undefined;
  switch (serverKind(endpoint)) {
    case 'keycloak':
      return isMember && accept === 'application/jwt'
        ? 'Keycloak: turn "Support JWT claim in Introspection Response" on at the introspection client.'
        : 'Keycloak: set introspection.response to { "member": "jwt" } and introspection.accept to "application/jwt".';
    case 'wso2':
      return isMember && parameters['required_claims'] !== undefined
        ? 'WSO2: turn include_validation_context_as_jwt_in_reponse on: see docs/authorization-servers.md#wso2-identity-server.'
        : 'WSO2: set introspection.response to { "member": "token_string" } and introspection.parameters to { "required_claims": "" }.';
    default:
      return 'The server responds with JSON. If it adds a JWT for active tokens, set introspection.response to { "member": NAME }. If it adds none, set it to "json" and configure token.mint: see "Servers that issue no JWT" in docs/authorization-servers.md.';
  }
}

function mediaTypeOf({ headers }: HttpResponse): string {
  return String(headers['content-type'] ?? '')
    .split(';', 1)
    .join()
    .trim()
    .toLowerCase();
}
