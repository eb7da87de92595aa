import { createHash, createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Backend } from './servers/start';
import { TABLE } from './table';

/**
 * The least that any authorizer has to do over the network: requests over a connection that is kept,
 * correctly signed, with no retry, no deadline, no check of what comes back.
 */
export function createReference(
  backend: Pick<Backend, 'dynamoDbEndpoint' | 'introspectionEndpoint'>,
) {
  const dynamoDb = new URL(backend.dynamoDbEndpoint);
  const introspection = new URL(backend.introspectionEndpoint);
  const agentOf = (url: URL) =>
    new (url.protocol === 'https:' ? HttpsAgent : Agent)({ keepAlive: true });
  const agents = { dynamoDb: agentOf(dynamoDb), introspection: agentOf(introspection) };
  const basic = Buffer.from('gateway:a secret').toString('base64');

  function call(operation: string, input: object): Promise<string> {
    const body = JSON.stringify(input);
    const target = `DynamoDB_20120810.${operation}`;
    return post(agents.dynamoDb, dynamoDb, sign(dynamoDb.host, target, body), body);
  }
  return {
    getItem: (id: string) => call('GetItem', { TableName: TABLE, Key: { id: { S: id } } }),
    /** Writes an item unless it exists, as a lease is acquired. */
    create: (id: string) =>
      call('UpdateItem', {
        ...{ TableName: TABLE, Key: { id: { S: id } } },
        UpdateExpression: 'SET #lease_id = :lease_id, #ttl = :ttl',
        ConditionExpression: '(attribute_not_exists(#lease_id))',
        ExpressionAttributeNames: { '#lease_id': 'lease_id', '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':lease_id': { S: id }, ':ttl': { N: '4000000060' } },
      }),
    /** Writes a result. */
    update: (id: string, sealed: string) =>
      call('UpdateItem', {
        ...{ TableName: TABLE, Key: { id: { S: id } } },
        UpdateExpression: 'SET #sealed = :sealed, #expires_at = :expires_at',
        ExpressionAttributeNames: { '#sealed': 'sealed', '#expires_at': 'expires_at' },
        ExpressionAttributeValues: { ':sealed': { B: sealed }, ':expires_at': { N: '4000000000' } },
      }),
    introspect(token: string) {
      const headers = {
        authorization: `Basic ${basic}`,
        accept: 'application/jwt',
        'content-type': 'application/x-www-form-urlencoded',
      };
      return post(agents.introspection, introspection, headers, `token=${token}`);
    },
  };
}

function post(agent: Agent, url: URL, headers: object, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : request;
    const outgoing = send(
      {
        ...{ method: 'POST', agent, host: url.hostname, port: url.port, path: '/' },
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

let signingKey: { readonly day: string; readonly key: Buffer } | undefined;

/** Written for these requests only. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function sign(host: string, target: string, body: string): Record<string, string> {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const hmac = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  if (signingKey?.day !== day) {
    const parts = [day, AWS_REGION ?? '', 'dynamodb', 'aws4_request'];
    signingKey = {
      day,
      key: parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${AWS_SECRET_ACCESS_KEY}`)),
    };
  }
  const names = 'content-type;host;x-amz-date;x-amz-security-token;x-amz-target';
  const type = 'application/x-amz-json-1.0';
  const canonical =
    `POST\n/\n\ncontent-type:${type}\nhost:${host}\nx-amz-date:${time}\n` +
    `x-amz-security-token:${AWS_SESSION_TOKEN}\nx-amz-target:${target}\n\n${names}\n${sha256(body)}`;
  const scope = `${day}/${AWS_REGION}/dynamodb/aws4_request`;
  const signature = createHmac('sha256', signingKey.key)
    .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`)
    .digest('hex');
  return {
    'content-type': type,
    'x-amz-date': time,
    'x-amz-security-token': AWS_SESSION_TOKEN ?? '',
    'x-amz-target': target,
    authorization: `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
