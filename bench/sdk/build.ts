import { AUTHORIZER } from '../build';

/** The authorizer on the SDK's clients, on which it is built: until that changes it is its own reference. */
export function buildSdkAuthorizer(): string {
  return AUTHORIZER;
}
