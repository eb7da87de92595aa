import type { Context } from 'oidc-provider';
import { respondWithJson } from './json-format';
import { respondWithJwt } from './jwt-format';
import { type MemberFormat, respondWithMember } from './member-format';
import type { SigningKey } from './signing-key';

/**
 * Format of introspection responses: the phantom token itself, JSON with the phantom token in a member, plain
 * JSON (RFC 7662), or a signed introspection response (RFC 9701). The last two hold no phantom token.
 */
export type IntrospectionFormat = 'jwt' | 'json' | MemberFormat | 'signed-introspection-response';

const SIGNED_RESPONSE = 'application/token-introspection+jwt';

/** Returns a middleware that makes the introspection endpoint respond in the format. */
export function introspectionFormat(format: IntrospectionFormat, key: SigningKey) {
  return async (context: Context, next: () => Promise<void>): Promise<void> => {
    if (format === 'signed-introspection-response') return respondSigned(context, next);
    await next();
    if (context.oidc?.route !== 'introspection') return;
    if (format === 'json') return respondWithJson(context);
    await (format === 'jwt'
      ? respondWithJwt(context, key)
      : respondWithMember(context, key, format));
  };
}

/**
 * Also responds to `application/jwt` with a signed introspection response. oidc-provider itself does so
 * for the media type of the RFC only. Servers older than the RFC used `application/jwt`, with which the
 * response looks like a phantom token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9701#section-4
 */
async function respondSigned(context: Context, next: () => Promise<void>): Promise<void> {
  const older = context.get('accept') === 'application/jwt';
  if (older) context.req.headers.accept = SIGNED_RESPONSE;
  await next();
  if (older && context.type === SIGNED_RESPONSE) context.type = 'application/jwt';
}
