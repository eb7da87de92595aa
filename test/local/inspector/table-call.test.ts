import { describeTableCall } from '../../../local/inspector/events/table-call';

const call = (operation: string, request: object, response: object, status = 200) =>
  describeTableCall({
    operation,
    accessKeyId: 'local',
    receivedAtMs: 5000,
    durationMs: 1,
    status,
    bodies: { request: JSON.stringify(request), response: JSON.stringify(response) },
  });
const sealed = { B: Buffer.from('sealed').toString('base64') };

test.each([
  ['no item', {}, { outcome: 'no-result' }],
  ['a lease', { Item: { lease_expires_at: { N: '9' } } }, { outcome: 'no-result' }],
  [
    'a result',
    { Item: { sealed, expires_at: { N: '6' } } },
    { outcome: 'result', sealedBytes: 6, expiresAtMs: 6000 },
  ],
  [
    'an expired result',
    { Item: { sealed, expires_at: { N: '5' } } },
    { outcome: 'result-expired' },
  ],
])('GetItem finds %s', (_, response, expected) => {
  expect(call('GetItem', {}, response)).toMatchObject(expected);
});

test.each([
  [
    'acquires a lease',
    { UpdateExpression: 'SET #lease_id = :lease_id, #lease_expires_at = :lease_expires_at' },
    'lease-acquired',
  ],
  [
    'stores a result',
    {
      UpdateExpression: 'SET #sealed = :sealed REMOVE #lease_expires_at',
      ExpressionAttributeValues: { ':sealed': sealed, ':expires_at': { N: '6' } },
    },
    'result-stored',
  ],
  [
    'releases a lease',
    { UpdateExpression: 'SET #lease_id = :lease_id REMOVE #lease_expires_at' },
    'item-changed',
  ],
])('UpdateItem %s', (_, request, outcome) => {
  const values = { ExpressionAttributeValues: {}, ...request };

  expect(call('UpdateItem', values, {})).toMatchObject({ outcome });
});

test('a failed condition is a conflict, and another error a failure', () => {
  const conflict = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' };

  expect(call('UpdateItem', {}, conflict, 400)).toMatchObject({ outcome: 'conflict' });
  expect(call('GetItem', {}, {}, 500)).toMatchObject({ outcome: 'failed' });
});
