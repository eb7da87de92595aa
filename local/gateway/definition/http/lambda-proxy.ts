import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { functionArnOfUri, type IsInvocationAllowed, readPermissions } from '../lambda-permission';
import { notSupported } from '../not-supported';
import type { LambdaProxyProperties } from './resource-schemas';

/** Lambda proxy integration of an HTTP API. */
export interface LambdaProxy {
  readonly type: 'AWS_PROXY';
  readonly functionArn: string;
  readonly isInvocationAllowed: IsInvocationAllowed;
  readonly payloadFormat: '1.0' | '2.0';
  readonly timeoutMs: number;
}

/**
 * Reads a Lambda proxy integration of an HTTP API.
 *
 * @throws UnsupportedTemplateError if the URI is not that of a function
 */
export function readLambdaProxy(
  template: ResolvedTemplate,
  { logicalId }: ResolvedResource,
  { IntegrationUri, PayloadFormatVersion, TimeoutInMillis }: LambdaProxyProperties,
): LambdaProxy {
  // API Gateway accepts an invocation URI or, as CDK writes it, the function's ARN.
  const functionArn = /^arn:[^:]+:lambda:[^/]+$/.test(IntegrationUri)
    ? IntegrationUri
    : functionArnOfUri(IntegrationUri);
  if (!functionArn) throw notSupported(`${logicalId}: IntegrationUri ${IntegrationUri}`);
  return {
    type: 'AWS_PROXY',
    functionArn,
    isInvocationAllowed: readPermissions(template, functionArn),
    payloadFormat: PayloadFormatVersion,
    timeoutMs: TimeoutInMillis,
  };
}
