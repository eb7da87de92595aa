import {
  AuthorizationType,
  type IAuthorizer,
  type IRestApi,
  LambdaIntegration,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { DocumentRoute } from '../document-routes';
import { addPublicPreflight } from './static-methods';

/** Adds public methods for documents that a function serves, and for preflight requests. */
export function addDocumentMethods(
  api: IRestApi,
  lambdaFunction: IFunction,
  routes: readonly DocumentRoute[],
  publicAccess: IAuthorizer,
): void {
  for (const { method, path } of routes) {
    const resource = api.root.resourceForPath(path);
    if (method === 'OPTIONS') {
      addPublicPreflight(resource, publicAccess);
      continue;
    }
    resource.addMethod(method, new LambdaIntegration(lambdaFunction, { allowTestInvoke: false }), {
      authorizer: publicAccess,
      // Not those of the API's defaultMethodOptions.
      authorizationType: AuthorizationType.NONE,
      apiKeyRequired: false,
    });
  }
}
