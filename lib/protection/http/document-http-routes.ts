import {
  type HttpMethod,
  HttpRoute,
  HttpRouteKey,
  type HttpRouteProps,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { DocumentRoute } from '../document-routes';

/** Adds public routes for documents that a function serves, and for preflight requests. */
export function addDocumentRoutes(
  scope: Construct,
  id: string,
  lambdaFunction: IFunction,
  routes: readonly DocumentRoute[],
  props: Pick<HttpRouteProps, 'httpApi' | 'authorizer'>,
): void {
  const integration = new HttpLambdaIntegration(id, lambdaFunction, {
    payloadFormatVersion: PayloadFormatVersion.VERSION_1_0,
  });
  for (const { method, path } of routes) {
    const routeKey = HttpRouteKey.with(path, method as HttpMethod);
    new HttpRoute(scope, `${method} ${path}`, { ...props, routeKey, integration });
  }
}
