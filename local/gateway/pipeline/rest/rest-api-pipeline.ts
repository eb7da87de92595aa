import { enforceLimits } from '../enforce-limits';
import { startWith } from '../pipeline';
import { authorize } from './authorize';
import { callIntegration } from './call-integration';
import { checkApiKey } from './check-api-key';
import { matchResource } from './match-resource';
import { receiveRequest } from './receive-request';

/**
 * Path of a request to a REST API. A step that fails ends it with a gateway response.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-basic-concept.html
 */
export const REST_API_PIPELINE = startWith(receiveRequest)
  .step(enforceLimits)
  .step(matchResource)
  .step(authorize)
  .step(checkApiKey)
  .step(callIntegration);
