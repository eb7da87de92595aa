import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import {
  CREDENTIALS_MAX_AGE_SECONDS,
  createClientCredentials,
} from '../../../lambda/io/client-credentials';
import { faultWith } from '../../support/faults';
import { NOW } from '../../support/tokens';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:client-AbCdEf';
const manager = mockClient(SecretsManagerClient);
const holds = (secret: unknown) => ({ SecretString: JSON.stringify(secret) });
const ONE = { clientId: 'gateway', clientSecret: 'one' };
const ONE_SECRET = holds({ client_id: 'gateway', client_secret: 'one' });
const TWO = { clientId: 'gateway', clientSecret: 'two' };
const TWO_SECRET = holds({ client_id: 'gateway', client_secret: 'two' });

let now = NOW;
beforeEach(() => {
  manager.reset();
  manager.on(GetSecretValueCommand).resolves(ONE_SECRET);
  now = NOW;
});
const reads = () => manager.commandCalls(GetSecretValueCommand).length;
const create = () =>
  createClientCredentials({
    client: new SecretsManagerClient({ region: 'eu-central-1' }),
    secretArn: ARN,
    now: () => now,
  });

describe('createClientCredentials', () => {
  it('reads the secret when it is first asked, and that one only', async () => {
    const credentials = create();
    expect(reads()).toBe(0);

    expect(await credentials.get()).toEqual(ONE);
    expect(manager.commandCalls(GetSecretValueCommand, { SecretId: ARN })).toHaveLength(1);
  });

  it('leaves aside what else the secret holds', async () => {
    manager
      .on(GetSecretValueCommand)
      .resolves(holds({ client_id: 'gateway', client_secret: 'one', username: 'x' }));

    expect(await create().get()).toEqual(ONE);
  });

  it('keeps the credentials until they reach the age limit', async () => {
    const credentials = create();
    await credentials.get();
    manager.on(GetSecretValueCommand).resolves(TWO_SECRET);

    now = NOW + CREDENTIALS_MAX_AGE_SECONDS - 0.001;
    expect(await credentials.get()).toEqual(ONE);
    now = NOW + CREDENTIALS_MAX_AGE_SECONDS;
    expect(await credentials.get()).toEqual(TWO);
    expect(reads()).toBe(2);
  });

  it('reads the secret anew when told to', async () => {
    const credentials = create();
    await credentials.get();
    manager.on(GetSecretValueCommand).resolves(TWO_SECRET);

    expect(await credentials.reread()).toEqual(TWO);
    expect(await credentials.get()).toEqual(TWO);
    expect(reads()).toBe(2);
  });

  it('shares one read among concurrent callers', async () => {
    const credentials = create();

    const all = await Promise.all([credentials.get(), credentials.get(), credentials.reread()]);

    expect(all).toEqual([ONE, ONE, ONE]);
    expect(reads()).toBe(1);
  });

  it('reads again after a read that failed', async () => {
    const credentials = create();
    manager.on(GetSecretValueCommand).rejectsOnce(new Error('throttled')).resolves(ONE_SECRET);

    await expect(credentials.get()).rejects.toEqual(faultWith('credentials_unavailable'));
    expect(await credentials.get()).toEqual(ONE);
  });

  it('goes on serving what it knows while Secrets Manager fails', async () => {
    const credentials = create();
    await credentials.get();
    manager.on(GetSecretValueCommand).rejects(new Error('throttled'));
    now = NOW + CREDENTIALS_MAX_AGE_SECONDS;

    expect(await credentials.get()).toEqual(ONE);
    expect(await credentials.get()).toEqual(ONE);
    expect(reads()).toBe(2);
    expect(await credentials.reread()).toEqual(ONE);
  });

  it('does not go on with what it knows if the secret became malformed', async () => {
    const credentials = create();
    await credentials.get();
    manager.on(GetSecretValueCommand).resolves({ SecretString: 'oops' });

    await expect(credentials.reread()).rejects.toEqual(faultWith('credentials_invalid'));
  });

  it.each(['ResourceNotFoundException', 'AccessDeniedException', 'TimeoutError'])(
    'names the %s for which the secret could not be read, and keeps it as the cause',
    async (name) => {
      const cause = Object.assign(new Error('arn and all'), { name });
      manager.on(GetSecretValueCommand).rejects(cause);

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
    ['binary data', { SecretBinary: Buffer.from('{"client_id":"a","client_secret":"b"}') }],
    ['the random string of a new secret', { SecretString: 'Sesame-7f3a"{' }],
    ['an empty string', { SecretString: '' }],
    ['a JSON string', holds('Sesame-7f3a')],
    ['null', holds(null)],
    ['a list', holds(['gateway', 'Sesame-7f3a'])],
    ['no client_id', holds({ client_secret: 'Sesame-7f3a' })],
    ['no client_secret', holds({ client_id: 'gateway' })],
    ['an empty client_id', holds({ client_id: '', client_secret: 'Sesame-7f3a' })],
    ['an empty client_secret', holds({ client_id: 'Sesame-7f3a', client_secret: '' })],
    ['a client_secret that is a number', holds({ client_id: 'gateway', client_secret: 7 })],
    ['names in camel case', holds({ clientId: 'gateway', clientSecret: 'Sesame-7f3a' })],
  ])('is a fault that quotes nothing if the secret holds %s', async (_, output) => {
    manager.on(GetSecretValueCommand).resolves(output);

    const fault = await create()
      .get()
      .catch((error) => error);

    expect(fault).toEqual(faultWith('credentials_invalid'));
    expect(fault.cause).toBeUndefined();
    expect(JSON.stringify([fault, String(fault)])).not.toContain('Sesame');
  });
});
