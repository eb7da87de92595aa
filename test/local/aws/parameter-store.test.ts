import { createSystemsManager } from '../../../lambda/io/aws/services';
import { type ParameterStore, startParameterStore } from '../../../local/aws/parameter-store';

let store: ParameterStore;
beforeEach(async () => {
  store = await startParameterStore();
});
afterEach(() => store.close());

const create = (properties: object = {}) =>
  store.createParameter(
    {
      logicalId: 'KeySet',
      type: 'AWS::SSM::Parameter',
      properties: { Type: 'String', Value: 'first', ...properties },
    },
    'key-set',
  );
const request = (operation: string, input: object) =>
  createSystemsManager({
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL_SSM: store.endpoint.href,
  })(operation, input);
const put = (Value: string, Name = 'key-set') =>
  request('PutParameter', { Name, Value, Overwrite: true });

describe('embedded Parameter Store', () => {
  it('returns the value of the template, then the one that was stored', async () => {
    create();

    expect(await request('GetParameter', { Name: 'key-set' })).toMatchObject({
      Parameter: { Name: 'key-set', Value: 'first', Version: 1 },
    });
    await put('second');
    expect(await request('GetParameter', { Name: 'key-set' })).toMatchObject({
      Parameter: { Value: 'second', Version: 2 },
    });
  });

  it('accepts a value of 4096 bytes and none that is longer', async () => {
    create();

    await expect(put('x'.repeat(4096))).resolves.toBeDefined();
    await expect(put('x'.repeat(4097))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('names parameters, operations and properties that it does not know', async () => {
    create();

    for (const unknown of [request('GetParameter', { Name: 'other' }), put('x', 'other')]) {
      await expect(unknown).rejects.toMatchObject({ name: 'ParameterNotFound' });
    }
    await expect(request('GetParameters', { Names: [] })).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    await expect(
      request('GetParameter', { Name: 'key-set', WithDecryption: true }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    expect(() => create({ Type: 'SecureString' })).toThrow(/KeySet \(AWS::SSM::Parameter\): Type/);
  });
});
