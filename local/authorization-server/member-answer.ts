import type { Context } from 'oidc-provider';
import {
  type IntrospectionResponse,
  isActive,
  isInactive,
  signPhantomToken,
} from './phantom-token';
import type { SigningKey } from './signing-key';

/** The phantom token is one member of the JSON answer. */
export interface MemberAnswer {
  /** Its name: `phantom_token` (Curity), `jwt` (Keycloak), `token_string` (WSO2). */
  readonly member: string;
  /** The `Accept` without which the member is left out, as by Keycloak. Default: any will do. */
  readonly accept?: string;
  /** The form parameter without which it is left out, as by WSO2. Default: none is needed. */
  readonly parameter?: string;
}

/** Adds the member for an active token; otherwise the answer is `{"active":false}`. */
export async function memberAnswer(
  context: Context,
  key: SigningKey,
  { member, accept, parameter }: MemberAnswer,
): Promise<void> {
  const answer = context.body as IntrospectionResponse;
  if (isActive(answer)) {
    if (accept !== undefined && context.get('accept') !== accept) return;
    if (parameter !== undefined && context.oidc?.body?.[parameter] === undefined) return;
    context.body = { ...answer, [member]: await signPhantomToken(answer, key) };
  } else if (isInactive(answer)) {
    context.status = 200;
    context.body = { active: false };
  }
}
