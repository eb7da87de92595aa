import { randomBytes } from 'node:crypto';

const PREFIX = 'local-';

/** Returns a new access key id for an execution environment. Each environment has its own. */
export function createEnvironmentAccessKeyId(): string {
  return `${PREFIX}${randomBytes(4).toString('hex')}`;
}

/** Tests whether an execution environment signs with an access key id. Local mode itself and the AWS CLI have others. */
export function isEnvironmentAccessKeyId(accessKeyId: string): boolean {
  return accessKeyId.startsWith(PREFIX);
}
