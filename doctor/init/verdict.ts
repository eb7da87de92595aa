import { invocation } from '../../terminal/invocation';
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
      `The authorizer signs JWTs for them with "signed" and token.mint: ${PAGE}#signed-responses-rfc-9701`,
    ];
  }
  return [
    'The metadata do not say whether the introspection returns a JWT. If it does not, the authorizer signs one with "json" and token.mint.',
    `${invocation('doctor')} finds out; ${PAGE} lists the servers.`,
  ];
}
