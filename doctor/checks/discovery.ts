import { secureUrl } from '../../lambda/core/config-values';
import type { DeploymentConfig } from '../../lib/stack/config/schema';
import { type Finding, fault, info, ok, warn } from '../check';
import { methodName } from '../config-values';
import { difference, quoted } from '../difference';
import { isDefinedBy, type Metadata } from '../metadata';
import type { Discovery } from '../probes/metadata';

/** Checks a config against the discovery document, character by character. */
export function checkDiscovery(config: DeploymentConfig, discovery: Discovery): Finding[] {
  const { document } = discovery;
  if (document === undefined) return [notFound(config, discovery)];
  return [
    ok(`document at ${document.url.href}`),
    ...issuerFindings(config, document),
    ...endpointFindings(config, document),
    ...keySetFindings(config, document),
    ...methodFindings(config, document),
  ];
}

function notFound({ token }: DeploymentConfig, { replies, urls }: Discovery): Finding {
  const place = urls[0] ? `, neither at ${urls[0].href} nor at its alternatives` : '';
  const message = `no discovery document was found${place}`;
  return token.issuer !== undefined && secureUrl(token.issuer) && replies.length > 0
    ? warn(message, 'Compare token.issuer with the issuer that the authorization server documents.')
    : info(message);
}

function issuerFindings({ token }: DeploymentConfig, document: Metadata): Finding[] {
  const { issuer } = token;
  if (issuer === document.issuer) return [];
  const advice = `Set token.issuer to ${quoted(document.issuer)}, as the discovery document has it.`;
  if (issuer === undefined) return [info('token.issuer is not set', advice)];
  const message = `token.issuer: ${difference(issuer, document.issuer)}`;
  // The JWTs of WSO2 have an issuer that is not that of the server.
  const isUrlOfServer = isDefinedBy(issuer, document.url) || secureUrl(issuer) !== undefined;
  return [isUrlOfServer ? fault(message, advice) : info(message)];
}

function endpointFindings(config: DeploymentConfig, document: Metadata): Finding[] {
  const { introspectionEndpoint: stated, mutualTlsEndpoint: alias } = document;
  const { endpoint } = config.introspection;
  const expected = methodName(config) === 'tls_client_auth' ? (alias ?? stated) : stated;
  if (expected === undefined) {
    return [info('the discovery document names no introspection endpoint')];
  }
  if (endpoint === expected) return [];
  return [
    warn(
      `introspection.endpoint: ${difference(endpoint, expected)}`,
      `Set introspection.endpoint to ${quoted(expected)}, unless the server has several.`,
    ),
  ];
}

function keySetFindings({ token }: DeploymentConfig, { jwksUri }: Metadata): Finding[] {
  if (token.jwksUri === undefined || jwksUri === undefined || token.jwksUri === jwksUri) return [];
  return [
    warn(
      `token.jwksUri: ${difference(token.jwksUri, jwksUri)}`,
      `Set token.jwksUri to ${quoted(jwksUri)}.`,
    ),
  ];
}

function methodFindings(config: DeploymentConfig, { methods }: Metadata): Finding[] {
  const method = methodName(config);
  if (methods === undefined || methods.includes(method)) return [];
  return [
    warn(
      `the server does not list ${method} for its introspection endpoint`,
      `Set introspection.clientAuthentication to one of ${methods.map(quoted).join(', ')}.`,
    ),
  ];
}
