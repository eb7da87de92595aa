import { Duration } from 'aws-cdk-lib';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { PhantomTokenAuthorizerProps } from './phantom-token-authorizer';

/**
 * A REQUEST authorizer of an HTTP API, with payload format 2.0. What `PhantomTokenAuthorizer` says of
 * shared results holds here too.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export class PhantomTokenHttpAuthorizer extends HttpLambdaAuthorizer {
  constructor(id: string, { handler, resultTtl, keyedByRoute }: PhantomTokenAuthorizerProps) {
    super(id, handler, {
      identitySource: [
        '$request.header.Authorization',
        ...(keyedByRoute ? ['$context.routeKey'] : []),
      ],
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      resultsCacheTtl: resultTtl ?? Duration.seconds(60),
    });
  }
}
