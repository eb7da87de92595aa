import {
  AuthorizationType,
  type IAuthorizer,
  type IRestApi,
  LambdaIntegration,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { DocumentRoute } from '../document-routes';

/** Adds public methods for documents that a function serves. */
export function addDocumentMethods(
  api: IRestApi,
  lambdaFunction: IFunction,
  routes: readonly DocumentRoute[],
  publicAccess: IAuthorizer,
): void {
  for (const { method, path } of routes) {
    const resource = api.root.resourceForPath(path);
    // The API's own preflight method, if it has one for all resources.
    if (method === 'OPTIONS' && resource.node.tryFindChild('OPTIONS')) continue;
    resource.addMethod(method, new LambdaIntegration(lambdaFunction, { allowTestInvoke: false }), {
      authorizer: publicAccess,
      // Not those of the API's defaultMethodOptions.
      authorizationType: AuthorizationType.NONE,
      apiKeyRequired: false,
    });
  }
}
