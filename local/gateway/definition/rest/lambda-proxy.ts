import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { functionArnOfUri, type IsInvocationAllowed, readPermissions } from '../lambda-permission';
import { notSupported } from '../not-supported';
import type { LambdaProxyProperties } from './resource-schemas';

/** Lambda proxy integration of a REST API. */
export interface LambdaProxy {
  readonly type: 'AWS_PROXY';
  readonly functionArn: string;
  readonly isInvocationAllowed: IsInvocationAllowed;
  readonly timeoutMs: number;
}

/**
 * Reads a Lambda proxy integration of a REST API.
 *
 * @throws UnsupportedTemplateError if the URI is not that of a function invocation
 */
export function readLambdaProxy(
  template: ResolvedTemplate,
  { logicalId }: ResolvedResource,
  { Uri, TimeoutInMillis, Credentials }: LambdaProxyProperties,
): LambdaProxy {
  const functionArn = functionArnOfUri(Uri);
  if (!functionArn) throw notSupported(`${logicalId}: Uri ${Uri}`);
  return {
    type: 'AWS_PROXY',
    functionArn,
    isInvocationAllowed:
      Credentials === undefined ? readPermissions(template, functionArn) : () => true,
    timeoutMs: TimeoutInMillis,
  };
}
