import { createAwsCredentials } from '../../../../lambda/io/aws/credentials';
import { type StubServer, startStubServer } from '../../../support/stub-server';

const MINUTE = 60_000;
let endpoint: StubServer;
let issued = 0;
let lifetime = 60 * MINUTE;
const FULL_URI = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const TOKEN = 'AWS_CONTAINER_AUTHORIZATION_TOKEN';

beforeAll(async () => {
  endpoint = await startStubServer('/2021-04-01/credentials', () => undefined);
  process.env[FULL_URI] = endpoint.url.href;
  process.env[TOKEN] = 'lambda token';
});
beforeEach(() => {
  endpoint.requests.length = 0;
  issued = 0;
  lifetime = 60 * MINUTE;
  endpoint.answer((response) => {
    issued += 1;
    const Expiration = new Date(Date.now() + lifetime).toISOString();
    const keys = { AccessKeyId: `id ${issued}`, SecretAccessKey: 'key', Token: 'token' };
    response.end(JSON.stringify({ ...keys, Expiration }));
  });
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  delete process.env[FULL_URI];
  delete process.env[TOKEN];
  await endpoint.close();
});
const advance = (milliseconds: number) => {
  const at = Date.now() + milliseconds;
  jest.spyOn(Date, 'now').mockReturnValue(at);
};
const fails = () => endpoint.answer((response) => void response.writeHead(500).end());
const fetched = (id: number) => ({
  accessKeyId: `id ${id}`,
  secretAccessKey: 'key',
  sessionToken: 'token',
});

describe('createAwsCredentials', () => {
  it('AWS credentials are those of the environment variables at the moment', async () => {
    const environment: Record<string, string> = {
      AWS_ACCESS_KEY_ID: 'one',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const credentials = createAwsCredentials(environment);
    expect(await credentials()).toEqual({ accessKeyId: 'one', secretAccessKey: 'secret' });

    Object.assign(environment, { AWS_ACCESS_KEY_ID: 'two', AWS_SESSION_TOKEN: 'token' });
    expect(await credentials()).toEqual({
      accessKeyId: 'two',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });
    expect(endpoint.requests).toHaveLength(0);
  });

  it('AWS credentials come from the endpoint that Lambda names, with its token, if there are no such variables', async () => {
    const credentials = createAwsCredentials({ AWS_ACCESS_KEY_ID: 'lonely' });

    expect(await credentials()).toMatchObject(fetched(1));
    expect(endpoint.requests).toMatchObject([
      { path: '/2021-04-01/credentials', headers: { authorization: 'lambda token' } },
    ]);
  });

  it('AWS credentials are fetched once for concurrent requests, and not again until five minutes before their expiry', async () => {
    const credentials = createAwsCredentials({});

    await Promise.all([credentials(), credentials(), credentials()]);
    advance(lifetime - 5 * MINUTE - 1000);
    expect(await credentials()).toMatchObject(fetched(1));
    expect(issued).toBe(1);
    advance(1000);
    expect(await credentials()).toMatchObject(fetched(2));
  });

  it('AWS credentials are used until their expiry if they cannot be renewed', async () => {
    const credentials = createAwsCredentials({});
    await credentials();
    fails();

    advance(lifetime - MINUTE);
    expect(await credentials()).toMatchObject(fetched(1));
    advance(MINUTE);
    await expect(credentials()).rejects.toThrow('metadata service');
  });

  it('AWS credentials are fetched again after a failure', async () => {
    const credentials = createAwsCredentials({});
    fails();
    await expect(credentials()).rejects.toThrow('metadata service');
    endpoint.answer((response) => {
      const Expiration = '2999-01-01T00:00:00Z';
      response.end(
        JSON.stringify({ AccessKeyId: 'id 7', SecretAccessKey: 'key', Token: 'token', Expiration }),
      );
    });

    expect(await credentials()).toMatchObject(fetched(7));
  });

  it('AWS credentials are an error if the environment names none', async () => {
    const { [FULL_URI]: uri } = process.env;
    delete process.env[FULL_URI];
    await expect(createAwsCredentials({})()).rejects.toThrow('AWS_CONTAINER_CREDENTIALS');
    process.env[FULL_URI] = uri;
  });
});
