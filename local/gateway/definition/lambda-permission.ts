import { identity } from '../../template/physical-ids';
import type { ResolvedTemplate } from '../../template/resolve';
import { parseProperties } from '../../template/unsupported';
import { matchesPattern } from '../pipeline/policy';
import { permissionSchema } from './resource-schemas';

/**
 * Whether the function's resource policy lets API Gateway invoke it on behalf of a part of an API,
 * for example `API_ID/authorizers/AUTHORIZER_ID` or `API_ID/STAGE/METHOD/PATH`.
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
 */
export type MayInvoke = (part: string) => boolean;

/** Reads the permissions that a template grants on one function. */
export function readPermissions(template: ResolvedTemplate, functionArn: string): MayInvoke {
  const granted = template
    .ofType('AWS::Lambda::Permission')
    .map((permission) => parseProperties(permission, permissionSchema))
    .filter(
      ({ Action, FunctionName, Principal, SourceAccount }) =>
        ['lambda:InvokeFunction', 'lambda:*'].includes(Action) &&
        (FunctionName === functionArn || functionArn.endsWith(`:function:${FunctionName}`)) &&
        Principal === 'apigateway.amazonaws.com' &&
        (SourceAccount === undefined || SourceAccount === identity.accountId),
    );
  const service = `arn:${identity.partition}:execute-api:${identity.region}:${identity.accountId}`;
  return (part) =>
    granted.some(
      ({ SourceArn }) => SourceArn === undefined || matchesPattern(SourceArn, `${service}:${part}`),
    );
}

/** The function's ARN in the URI by which API Gateway names an invocation; `undefined` otherwise. */
export function functionOfUri(uri: string): string | undefined {
  return /:lambda:path\/2015-03-31\/functions\/(arn:[^/$]+)\/invocations$/.exec(uri)?.[1];
}
