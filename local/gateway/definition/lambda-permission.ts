import type { ResolvedTemplate } from '../../template/resolve';
import { parseProperties } from '../../template/unsupported';
import { matchesPattern } from './arn-pattern';
import { permissionSchema } from './resource-schemas';

/**
 * Test of whether a function's resource policy lets API Gateway invoke it for a part of an API, for
 * example `API_ID/authorizers/AUTHORIZER_ID` or `API_ID/STAGE/METHOD/PATH`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
 */
export type IsInvocationAllowed = (part: string) => boolean;

const PRINCIPAL = 'apigateway.amazonaws.com';

/** Reads the permissions that a template grants API Gateway on one function. */
export function readPermissions(
  template: ResolvedTemplate,
  functionArn: string,
): IsInvocationAllowed {
  const { identity } = template;
  const granted = template
    .ofType('AWS::Lambda::Permission')
    .filter(({ properties }) => (properties as { Principal?: unknown }).Principal === PRINCIPAL)
    .map((permission) => parseProperties(permission, permissionSchema))
    .filter(
      ({ Action, FunctionName, SourceAccount }) =>
        ['lambda:InvokeFunction', 'lambda:*'].includes(Action) &&
        (FunctionName === functionArn || functionArn.endsWith(`:function:${FunctionName}`)) &&
        (SourceAccount === undefined || SourceAccount === identity.accountId),
    );
  const service = `arn:${identity.partition}:execute-api:${identity.region}:${identity.accountId}`;
  return (part) =>
    granted.some(
      ({ SourceArn }) => SourceArn === undefined || matchesPattern(SourceArn, `${service}:${part}`),
    );
}

/** Returns the function ARN in an API Gateway invocation URI, or `undefined` for another URI. */
export function functionArnOfUri(uri: string): string | undefined {
  return /:lambda:path\/2015-03-31\/functions\/(arn:[^/$]+)\/invocations$/.exec(uri)?.[1];
}
