import { identity } from '../template/physical-ids';
import type { ResolvedResource, ResolvedTemplate } from '../template/resolve';
import { NotUnderstoodError, understand } from '../template/understand';
import { matchesPattern } from './policy';
import { authorizerSchema, permissionSchema } from './resource-schemas';
import { parseValueSource, type ValueSource } from './value-source';

/** A REQUEST authorizer of the API. */
export interface Authorizer {
  readonly authorizerId: string;
  readonly functionArn: string;
  /** Whether the function's resource policy lets API Gateway invoke it for this authorizer. */
  readonly mayInvoke: boolean;
  readonly identitySources: readonly ValueSource[];
  /** How long a result may be replayed; 0 turns the result cache off. */
  readonly resultTtlSeconds: number;
}

/** @throws NotUnderstoodError naming a property or an expression that is not imitated */
export function readAuthorizer(template: ResolvedTemplate, resource: ResolvedResource): Authorizer {
  const properties = understand(resource, authorizerSchema);
  const functionArn = /:lambda:path\/2015-03-31\/functions\/(arn:[^/$]+)\/invocations$/.exec(
    properties.AuthorizerUri,
  )?.[1];
  if (!functionArn) {
    throw new NotUnderstoodError(
      `local mode does not understand ${resource.logicalId}: AuthorizerUri ${properties.AuthorizerUri}`,
    );
  }
  const expressions = properties.IdentitySource.split(',').filter(
    (expression) => expression !== '',
  );
  const identitySources = expressions.map((expression) => parseValueSource(expression.trim()));
  // "path parameters" are not among the sources a REQUEST authorizer may name.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
  if (identitySources.some(({ from }) => from === 'path' || from === 'literal')) {
    throw new NotUnderstoodError(
      `${resource.logicalId}: ${properties.IdentitySource} is not a list of identity sources`,
    );
  }
  if (properties.AuthorizerResultTtlInSeconds > 0 && identitySources.length === 0) {
    throw new NotUnderstoodError(
      `${resource.logicalId} caches results but names no identity source`,
    );
  }
  return {
    authorizerId: resource.ref,
    functionArn,
    mayInvoke: template
      .ofType('AWS::Lambda::Permission')
      .some((permission) => permits(permission, functionArn, properties.RestApiId, resource.ref)),
    identitySources,
    resultTtlSeconds: properties.AuthorizerResultTtlInSeconds,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html */
function permits(
  permission: ResolvedResource,
  functionArn: string,
  apiId: string,
  authorizerId: string,
): boolean {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount } = understand(
    permission,
    permissionSchema,
  );
  const source = `arn:${identity.partition}:execute-api:${identity.region}:${identity.accountId}:${apiId}/authorizers/${authorizerId}`;
  return (
    ['lambda:InvokeFunction', 'lambda:*'].includes(Action) &&
    (FunctionName === functionArn || functionArn.endsWith(`:function:${FunctionName}`)) &&
    Principal === 'apigateway.amazonaws.com' &&
    (SourceArn === undefined || matchesPattern(SourceArn, source)) &&
    (SourceAccount === undefined || SourceAccount === identity.accountId)
  );
}
