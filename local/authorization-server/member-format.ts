import type { Context } from 'oidc-provider';
import {
  type IntrospectionResponse,
  isActive,
  isInactive,
  signPhantomToken,
} from './phantom-token';
import type { SigningKey } from './signing-key';

/** JSON with the phantom token in a member. */
export interface MemberFormat {
  /** Name of the member: `phantom_token` (Curity), `jwt` (Keycloak), `token_string` (WSO2). */
  readonly member: string;
  /** `Accept` header that the member requires, as in Keycloak. Default: none. */
  readonly accept?: string;
  /** Form parameter that the member requires, as in WSO2. Default: none. */
  readonly parameter?: string;
}

/** Adds the member to the response for an active token. Otherwise responds `{"active":false}`. */
export async function respondWithMember(
  context: Context,
  key: SigningKey,
  { member, accept, parameter }: MemberFormat,
): Promise<void> {
  const response = context.body as IntrospectionResponse;
  if (isActive(response)) {
    if (accept !== undefined && context.get('accept') !== accept) return;
    if (parameter !== undefined && context.oidc?.body?.[parameter] === undefined) return;
    context.body = { ...response, [member]: await signPhantomToken(response, key) };
  } else if (isInactive(response)) {
    context.status = 200;
    context.body = { active: false };
  }
}
