import type { Metadata } from '../metadata';
import { RECIPES, serverKind } from '../server-kind';

/** Page about authorization servers. */
const PAGE = 'docs/authorization-servers.md';

/** Returns whether and how an authorization server works, as sentences. */
export function verdict(metadata: Metadata): readonly string[] {
  const { issuer, introspectionEndpoint, signsResponses } = metadata;
  if (introspectionEndpoint === undefined) {
    return [
      `${issuer} does not work: its metadata names no introspection endpoint.`,
      `${PAGE} lists servers that have none.`,
    ];
  }
  const kind = serverKind(introspectionEndpoint);
  if (kind !== undefined) {
    const { name, onServer, anchor } = RECIPES[kind];
    return [`This looks like ${name}, which works. ${onServer}`, `Recipe: ${PAGE}#${anchor}`];
  }
  if (signsResponses) {
    return [
      'The server can sign its introspection responses (RFC 9701). Those are not tokens to forward.',
      `It works only if it can also return a JWT: ${PAGE}#signed-responses-rfc-9701`,
    ];
  }
  return [
    'The metadata do not say whether the introspection returns a JWT, which the authorizer needs.',
    `npm run doctor finds out; ${PAGE} lists the servers.`,
  ];
}
