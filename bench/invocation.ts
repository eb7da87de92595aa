/** Id of the API. */
export const API = 'abcdef1234';

/** Returns the event and context of a REST API's invocation, with the headers of a browser's request. */
export function invocation(accessToken: string) {
  const headers: Record<string, string> = {
    Accept: 'application/json, text/plain, */*',
    'Accept-Encoding': 'gzip, deflate, br, zstd',
    'Accept-Language': 'en-GB,en;q=0.9',
    Authorization: `Bearer ${accessToken}`,
    Host: 'api.example.com',
    Origin: 'https://app.example.com',
    Referer: 'https://app.example.com/',
    'User-Agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0',
    'X-Amzn-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793',
    'X-Forwarded-For': '203.0.113.7',
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  };
  const multiValueHeaders: Record<string, string[]> = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value]]),
  );
  const event = {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:eu-central-1:123456789012:${API}/prod/GET/orders/1`,
    resource: '/orders/{id}',
    path: '/orders/1',
    httpMethod: 'GET',
    headers,
    multiValueHeaders,
    pathParameters: { id: '1' },
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    stageVariables: {},
    requestContext: {
      ...{ accountId: '123456789012', apiId: API, stage: 'prod', requestId: 'request' },
      ...{ httpMethod: 'GET', path: '/prod/orders/1', resourcePath: '/orders/{id}' },
      identity: { sourceIp: '203.0.113.7' },
    },
  };
  const context = {
    awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    functionName: 'authorizer',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:authorizer',
    memoryLimitInMB: '512',
  };
  return [event, context] as const;
}
