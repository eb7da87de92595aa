import type { ClientAuthentication } from '../../../../lambda/core/client-credentials';
import type { JsonObject } from '../../../../lambda/core/json';
import { createClientCredentials } from '../../../../lambda/io/authorization-server/client-credentials';
import {
  REREAD_INTERVAL_SECONDS,
  SECRET_MAX_AGE_SECONDS,
} from '../../../../lambda/io/aws/cached-secret';
import { faultWith } from '../../../support/faults';
import { NOW } from '../../../support/tokens';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:client-AbCdEf';
const manager = jest.fn<Promise<JsonObject>, [operation: string, input: object]>();
const holds = (secret: unknown) => ({ SecretString: JSON.stringify(secret) });
const ONE = { kind: 'secret', clientId: 'gateway', secret: 'one' };
const ONE_SECRET = holds({ client_id: 'gateway', client_secret: 'one' });
const TWO = { kind: 'secret', clientId: 'gateway', secret: 'two' };
const TWO_SECRET = holds({ client_id: 'gateway', client_secret: 'two' });

let now = NOW;
beforeEach(() => {
  manager.mockReset().mockResolvedValue(ONE_SECRET);
  now = NOW;
});
const reads = () => manager.mock.calls.length;
const create = (
  method: ClientAuthentication['method'] = 'client_secret_basic',
  reports: Partial<Parameters<typeof createClientCredentials>[0]> = {},
) =>
  createClientCredentials({
    ...reports,
    method,
    secretsManager: manager,
    secretArn: ARN,
    now: () => now,
  });

describe('createClientCredentials', () => {
  it('reads the client secret on its first use, and no other secret', async () => {
    const credentials = create();
    expect(reads()).toBe(0);

    expect(await credentials.get()).toEqual(ONE);
    expect(manager.mock.calls).toEqual([['GetSecretValue', { SecretId: ARN }]]);
  });

  it('ignores other members of the client secret', async () => {
    manager.mockResolvedValue(holds({ client_id: 'gateway', client_secret: 'one', username: 'x' }));

    expect(await create().get()).toEqual(ONE);
  });

  it('keeps the credentials until they reach the age limit', async () => {
    const credentials = create();
    await credentials.get();
    manager.mockResolvedValue(TWO_SECRET);

    now = NOW + SECRET_MAX_AGE_SECONDS - 0.001;
    expect(await credentials.get()).toEqual(ONE);
    now = NOW + SECRET_MAX_AGE_SECONDS;
    expect(await credentials.get()).toEqual(TWO);
    expect(reads()).toBe(2);
  });

  it('reads the client secret again on request, but no faster than the interval', async () => {
    const credentials = create();
    await credentials.get();
    manager.mockResolvedValue(TWO_SECRET);

    now = NOW + REREAD_INTERVAL_SECONDS - 0.001;
    expect(await credentials.reread()).toEqual(ONE);
    expect(reads()).toBe(1);
    now = NOW + REREAD_INTERVAL_SECONDS;
    expect(await credentials.reread()).toEqual(TWO);
    expect(await credentials.reread()).toEqual(TWO);
    expect(await credentials.get()).toEqual(TWO);
    expect(reads()).toBe(2);
  });

  it('reads the members of the client secret that the method takes', async () => {
    manager.mockResolvedValue(
      holds({ client_id: 'gateway', certificate: 'CERT', private_key: 'KEY' }),
    );

    expect(await create('tls_client_auth').get()).toMatchObject({ kind: 'certificate' });
    expect(await create('private_key_jwt').get()).toMatchObject({ kind: 'key' });
    await expect(create().get()).rejects.toEqual(
      faultWith('credentials_invalid', 'the secret lacks client_secret'),
    );
  });

  it('shares one read of the client secret among concurrent callers', async () => {
    const credentials = create();

    const all = await Promise.all([credentials.get(), credentials.get(), credentials.reread()]);

    expect(all).toEqual([ONE, ONE, ONE]);
    expect(reads()).toBe(1);
  });

  it('reads the client secret again after a read that failed', async () => {
    const credentials = create();
    manager.mockRejectedValueOnce(new Error('throttled'));

    await expect(credentials.get()).rejects.toEqual(faultWith('credentials_unavailable'));
    expect(await credentials.get()).toEqual(ONE);
  });

  it('uses known credentials while Secrets Manager fails', async () => {
    const credentials = create();
    await credentials.get();
    manager.mockRejectedValue(new Error('throttled'));
    now = NOW + SECRET_MAX_AGE_SECONDS;

    expect(await credentials.get()).toEqual(ONE);
    expect(await credentials.get()).toEqual(ONE);
    expect(reads()).toBe(2);
    now += REREAD_INTERVAL_SECONDS;
    expect(await credentials.reread()).toEqual(ONE);
    expect(reads()).toBe(3);

    now += SECRET_MAX_AGE_SECONDS;
    manager.mockResolvedValue(TWO_SECRET);
    expect(await credentials.get()).toEqual(TWO);
  });

  it('reports a failed read of the secret while known credentials serve, and no other', async () => {
    const onReadFailure = jest.fn();
    const credentials = create('client_secret_basic', { onReadFailure });
    manager.mockRejectedValueOnce(new Error('throttled'));
    await expect(credentials.get()).rejects.toEqual(faultWith('credentials_unavailable'));
    await credentials.get();
    expect(onReadFailure).not.toHaveBeenCalled();

    manager.mockRejectedValue(new Error('AccessDenied'));
    now = NOW + SECRET_MAX_AGE_SECONDS;
    expect(await credentials.get()).toEqual(ONE);

    expect(onReadFailure.mock.calls).toEqual([[faultWith('credentials_unavailable')]]);
  });

  it('passes on each read of the secret with the creation time of the version', async () => {
    const onRead = jest.fn();
    const credentials = create('client_secret_basic', { onRead });
    manager.mockResolvedValueOnce({ ...ONE_SECRET, CreatedDate: NOW - 60.5 });
    await credentials.get();
    now = NOW + SECRET_MAX_AGE_SECONDS;
    await credentials.get();

    expect(onRead.mock.calls).toEqual([
      [ONE, NOW - 60.5],
      [ONE, undefined],
    ]);
  });

  it('reads a binary client secret', async () => {
    const { SecretString } = ONE_SECRET;
    manager.mockResolvedValue({
      SecretBinary: Buffer.from(`\uFEFF${SecretString}\n`).toString('base64'),
    });

    expect(await create().get()).toEqual(ONE);
  });

  it('does not use known credentials if the secret became malformed', async () => {
    const credentials = create();
    await credentials.get();
    manager.mockResolvedValue({ SecretString: 'oops' });
    now += REREAD_INTERVAL_SECONDS;

    await expect(credentials.reread()).rejects.toEqual(faultWith('credentials_invalid'));
  });

  it.each(['ResourceNotFoundException', 'AccessDeniedException', 'TimeoutError'])(
    'names the %s for which the secret could not be read, and keeps it as the cause',
    async (name) => {
      const cause = Object.assign(new Error('arn and all'), { name });
      manager.mockRejectedValue(cause);

      const fault = await create()
        .get()
        .catch((error) => error);

      expect(fault).toEqual(
        faultWith('credentials_unavailable', `the secret could not be read (${name})`),
      );
      expect(fault.cause).toBe(cause);
    },
  );

  it.each([
    ['nothing', {}],
    ['binary data that is not JSON', { SecretBinary: btoa('Sesame-7f3a') }],
    ['the random string of a new secret', { SecretString: 'Sesame-7f3a"{' }],
    ['no client_id', holds({ client_secret: 'Sesame-7f3a' })],
  ])('a client secret with %s is a fault that quotes nothing', async (_, output) => {
    manager.mockResolvedValue(output);

    const fault = await create()
      .get()
      .catch((error) => error);

    expect(fault).toEqual(faultWith('credentials_invalid'));
    expect(fault.cause).toBeUndefined();
    expect(JSON.stringify([fault, String(fault)])).not.toContain('Sesame');
  });
});
