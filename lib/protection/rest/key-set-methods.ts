import {
  AuthorizationType,
  type IAuthorizer,
  type IRestApi,
  LambdaIntegration,
} from 'aws-cdk-lib/aws-apigateway';
import { KeySetPath } from '../../../lambda/contract';
import type { KeySet } from '../../signing/key-set';

/** Adds public methods that serve the key set and the metadata of its issuer. */
export function addKeySetMethods(
  api: IRestApi,
  { lambdaFunction }: KeySet,
  publicAccess: IAuthorizer,
): void {
  for (const path of Object.values(KeySetPath)) {
    api.root
      .resourceForPath(path)
      .addMethod('GET', new LambdaIntegration(lambdaFunction, { allowTestInvoke: false }), {
        authorizer: publicAccess,
        // Not those of the API's defaultMethodOptions.
        authorizationType: AuthorizationType.NONE,
        apiKeyRequired: false,
      });
  }
}
