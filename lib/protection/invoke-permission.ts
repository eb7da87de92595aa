import { type CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnPermission, type Version } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { appendToLogicalId, lazyDigest } from '../cdk/derived-logical-id';

/**
 * Allows API Gateway to invoke a published version of a function for the authorizers of one API. A permission on
 * the function does not cover its versions. The permission of a former version is retained with it, because
 * a stage uses its former deployment for a while after CloudFormation has updated it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/versioning-aliases-permissions.html
 */
export function addInvokePermission(
  scope: Construct,
  version: Version,
  apiId: string,
): CfnResource {
  const permission = new CfnPermission(scope, 'InvokePermission', {
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
    functionName: version.functionArn,
    // A permission for each authorizer would exceed the 20 KB limit of a policy.
    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    sourceArn: Stack.of(scope).formatArn({
      service: 'execute-api',
      resource: apiId,
      resourceName: 'authorizers/*',
    }),
  });
  permission.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  appendToLogicalId(
    permission,
    lazyDigest(scope, () => version.functionArn),
  );
  return permission;
}
