import type { Context } from 'oidc-provider';
import { type MemberAnswer, memberAnswer } from './member-answer';
import { phantomTokenAnswer } from './phantom-token-answer';
import type { SigningKey } from './signing-key';

/**
 * What the introspection endpoint answers: the phantom token itself, JSON with the phantom token in
 * a member, or a JWT that is the answer, signed, and no phantom token.
 */
export type IntrospectionAnswer = 'jwt' | MemberAnswer | 'signed-introspection-response';

const signedResponse = 'application/token-introspection+jwt';

/** Makes oidc-provider's introspection endpoint answer so. */
export function introspectionAnswer(kind: IntrospectionAnswer, key: SigningKey) {
  return async (context: Context, next: () => Promise<void>): Promise<void> => {
    if (kind === 'signed-introspection-response') return signedIntrospectionResponse(context, next);
    await next();
    if (context.oidc?.route !== 'introspection') return;
    await (kind === 'jwt' ? phantomTokenAnswer(context, key) : memberAnswer(context, key, kind));
  };
}

/**
 * oidc-provider answers the standard's media type by itself. To `application/jwt` servers older
 * than the standard gave the same kind of answer, which on the wire looks like a phantom token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9701#section-4
 */
async function signedIntrospectionResponse(
  context: Context,
  next: () => Promise<void>,
): Promise<void> {
  const older = context.get('accept') === 'application/jwt';
  if (older) context.req.headers.accept = signedResponse;
  await next();
  if (older && context.type === signedResponse) context.type = 'application/jwt';
}
