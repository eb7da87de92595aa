import { enforceLimits } from '../enforce-limits';
import { startWith } from '../pipeline';
import { authorize } from './authorize';
import { callIntegration } from './call-integration';
import { addCorsHeaders, respondToPreflight } from './cors';
import { matchRoute } from './match-route';
import { receiveRequest } from './receive-request';

/**
 * Path of a request to an HTTP API. A step that fails ends it with an error response.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html
 */
export const HTTP_API_PIPELINE = startWith(receiveRequest)
  .step(enforceLimits)
  .step(respondToPreflight)
  .step(matchRoute)
  .step(authorize)
  .step(callIntegration)
  .step(addCorsHeaders);
