import type { InvocationContext } from '../../request/invocation-context';
import type { HeaderField } from '../../request/message';
import { allValues, lastValues, orNull, queryFields } from './event-members';

/** Request body as a member of an event. */
export interface EventBody {
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

/**
 * Returns the event members for a request body.
 *
 * @param binary whether the body is encoded as base64
 */
export function eventBody(body: Buffer, binary: boolean): EventBody {
  if (body.length === 0) return { body: null, isBase64Encoded: false };
  return { body: body.toString(binary ? 'base64' : 'utf8'), isBase64Encoded: binary };
}

/**
 * Returns the event of a Lambda proxy integration in payload format 1.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 */
export function proxyEventV1(
  { request, pathParameters, stageVariables }: InvocationContext,
  {
    resource,
    path,
    headers,
    ...rest
  }: EventBody & {
    readonly resource: string;
    readonly path: string;
    readonly requestContext: object;
    readonly headers: readonly HeaderField[];
  },
): object {
  const query = queryFields(request.query);
  return {
    resource,
    path,
    httpMethod: request.method,
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    queryStringParameters: orNull(lastValues(query)),
    multiValueQueryStringParameters: orNull(allValues(query)),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(stageVariables),
    ...rest,
  };
}
