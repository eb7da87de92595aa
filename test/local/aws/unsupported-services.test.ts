import { text } from 'node:stream/consumers';
import { startUnsupportedServices } from '../../../local/aws/unsupported-services';

let services: Awaited<ReturnType<typeof startUnsupportedServices>>;
const log: string[] = [];

beforeAll(async () => {
  services = await startUnsupportedServices((line) => log.push(line));
});
beforeEach(() => {
  log.length = 0;
});
afterAll(() => services.close());

const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=local/20261127/us-east-1/${service}/aws4_request, Signature=x`,
});

test('a request of a JSON protocol is rejected with its service and operation', async () => {
  const headers = { ...signed('sqs'), 'x-amz-target': 'AmazonSQS.SendMessage' };
  const response = await fetch(services.endpoint, { method: 'POST', headers, body: '{}' });

  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    __type: 'NotSupportedInLocalMode',
    message: 'not supported in local mode: sqs SendMessage at /',
  });
  expect(log).toEqual(['not supported in local mode: sqs SendMessage at /']);
});

test.each([
  ['sns', 'POST', '/', 'Action=Publish&Message=hidden', 'sns Publish at /'],
  ['s3', 'GET', '/bucket/key?x-id=GetObject', undefined, 's3 GET at /bucket/key'],
])(
  'a request to %s is rejected in XML, by name and without its content',
  async (service, method, path, body, name) => {
    const request = { method, headers: signed(service), ...(body && { body }) };
    const response = await fetch(new URL(path, services.endpoint), request);

    expect(response.status).toBe(400);
    const xml = response.body ? await text(response.body) : '';
    expect(xml).toContain(`<Message>not supported in local mode: ${name}</Message>`);
    expect(log).toEqual([`not supported in local mode: ${name}`]);
  },
);
