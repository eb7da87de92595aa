import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { phantomToken } from '../../upstream';

/** Returns the phantom token's claims. Verify the token before you trust them. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const [, payload = ''] = phantomToken(event)?.split('.') ?? [];
  return { statusCode: 200, body: Buffer.from(payload, 'base64url').toString('utf8') };
}
