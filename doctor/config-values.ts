import type { DeploymentConfig } from '../lib/stack/config/schema';

/** Returns the name of the configured method of client authentication. */
export function methodName({ introspection }: DeploymentConfig): string {
  const { clientAuthentication: given } = introspection;
  return typeof given === 'string' ? given : given.method;
}

/** Returns the member of the response that holds the JWT; `undefined` if none is configured. */
export function memberName({ introspection: { response } }: DeploymentConfig): string | undefined {
  return typeof response === 'object' ? response.member : undefined;
}
