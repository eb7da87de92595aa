import { once } from 'node:events';
import { request } from 'node:http';
import { type LambdaApi, startLambdaApi } from '../../../local/aws/lambda-api';

let api: LambdaApi;

beforeAll(async () => {
  api = await startLambdaApi(async (name, qualifier, event) => {
    if (name === 'unsupported') throw new Error('Fn has Runtime: python3.13');
    if (name === 'failing') return { error: { errorType: 'Error', errorMessage: 'x' } };
    return name === 'orders' ? { payload: { qualifier, event } } : undefined;
  });
});
afterAll(() => api.close());

const invoke = (id: string, body = '{"a":1}') =>
  fetch(new URL(`/2015-03-31/functions/${id}/invocations`, api.endpoint), { method: 'POST', body });

test.each([
  ['a name', 'orders', undefined],
  ['a name with a qualifier', 'orders:3', '3'],
  ['a parameter for the qualifier', 'orders', '7'],
  ['an ARN', 'arn:aws:lambda:us-east-1:1:function:orders:live', 'live'],
])('a function is invoked by %s', async (title, id, qualifier) => {
  const url = new URL(`/2015-03-31/functions/${encodeURIComponent(id)}/invocations`, api.endpoint);
  if (title.includes('parameter')) url.searchParams.set('Qualifier', String(qualifier));
  const response = await fetch(url, { method: 'POST', body: '{"a":1}' });

  expect(await response.json()).toEqual({ ...(qualifier && { qualifier }), event: { a: 1 } });
});

test('an error of the function is its payload, with the header of Lambda', async () => {
  const response = await invoke('failing');

  expect(response.status).toBe(200);
  expect(response.headers.get('x-amz-function-error')).toBe('Unhandled');
  expect(await response.json()).toEqual({ errorType: 'Error', errorMessage: 'x' });
});

test.each([
  ['an unknown function', 'other', '{}', 404, 'ResourceNotFoundException'],
  ['a function name that is not encoded', '%', '{}', 400, 'InvalidParameterValueException'],
  ['a function that cannot run locally', 'unsupported', '{}', 502, 'NotSupportedInLocalMode'],
  ['a payload that is not JSON', 'orders', 'x', 400, 'InvalidRequestContentException'],
])('%s is rejected', async (_title, id, body, status, type) => {
  const response = await invoke(id, body);

  expect(response.status).toBe(status);
  expect(response.headers.get('x-amzn-errortype')).toBe(type);
});

test('the reason for which a function cannot run locally is in the response', async () => {
  expect(await (await invoke('unsupported')).json()).toMatchObject({
    Message: 'Fn has Runtime: python3.13',
  });
});

test.each(['//', '//?', 'http://'])(
  'the target %s, which is not a URL, is rejected',
  async (path) => {
    const { hostname, port } = api.endpoint;
    const outgoing = request({ hostname, port, path, method: 'POST', agent: false }).end();
    const [response] = await once(outgoing, 'response');

    expect(response.statusCode).toBe(400);
    response.resume();
  },
);
