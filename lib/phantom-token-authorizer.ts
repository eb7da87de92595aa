import { Duration } from 'aws-cdk-lib';
import { IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** Which function an authorizer calls, and how long API Gateway keeps its results. */
export interface PhantomTokenAuthorizerProps {
  /** The authorizer function. @see AuthorizerFunction */
  readonly handler: IFunction;

  /**
   * How long API Gateway may replay a result, 0 to 3600 s; 0 turns its cache off. A revoked or expired
   * token may pass that much longer.
   *
   * @default Duration.seconds(60)
   */
  readonly resultTtl?: Duration;

  /**
   * Whether a result holds for its own route only. Needed where routes that require different scopes
   * share this authorizer.
   *
   * @default false - a result holds for every route that has this authorizer
   */
  readonly keyedByRoute?: boolean;
}

/**
 * A REQUEST authorizer of a REST API. A request without an `Authorization` header gets 401 from API
 * Gateway itself. API Gateway replays a result for every route that has the same authorizer, so routes
 * that share one must require the same scopes, or the route be part of the key.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
 */
export class PhantomTokenAuthorizer extends RequestAuthorizer {
  constructor(scope: Construct, id: string, props: PhantomTokenAuthorizerProps) {
    const route = [IdentitySource.context('httpMethod'), IdentitySource.context('resourcePath')];
    super(scope, id, {
      handler: props.handler,
      identitySources: [
        IdentitySource.header('Authorization'),
        ...(props.keyedByRoute ? route : []),
      ],
      resultsCacheTtl: props.resultTtl ?? Duration.seconds(60),
    });
  }
}
