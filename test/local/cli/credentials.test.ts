import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretValueFrom } from '../../../local/cli/credentials';

const SECRET = '{"client_id":"gateway","private_key":"PEM"}';
const MISSING = /^INTROSPECTION_CLIENT_ID and INTROSPECTION_CLIENT_SECRET .* are not set\. /;

let directory: string;
let config: string;
let printed: jest.SpyInstance;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'credentials-'));
  config = join(directory, 'config.json');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

beforeEach(() => {
  printed = jest.spyOn(console, 'error').mockImplementation();
  write({});
});
afterEach(() => printed.mockRestore());

function write(introspection: object): void {
  writeFileSync(config, JSON.stringify({ introspection }));
}

test('the credentials secret is that of INTROSPECTION_CREDENTIALS first', () => {
  const environment = {
    INTROSPECTION_CREDENTIALS: SECRET,
    INTROSPECTION_CLIENT_ID: 'gateway',
    INTROSPECTION_CLIENT_SECRET: 'secret',
  };

  expect(secretValueFrom({ secrets: {}, config }, environment)).toBe(SECRET);
  expect(printed).not.toHaveBeenCalled();
});

test('client id and client secret of the environment are members of the credentials secret', () => {
  const environment = { INTROSPECTION_CLIENT_ID: 'gateway', INTROSPECTION_CLIENT_SECRET: 's"1' };

  expect(JSON.parse(secretValueFrom({ secrets: {}, config }, environment) ?? '')).toEqual({
    client_id: 'gateway',
    client_secret: 's"1',
  });
  expect(printed).not.toHaveBeenCalled();
});

test.each([
  ['a config with client authentication', {}],
  ['a config without client authentication, but with a secret of its own', { arn: true }],
])('local mode warns that the credentials are missing for %s', (_, { arn }: { arn?: boolean }) => {
  if (arn) write({ clientAuthentication: 'none', credentialsSecretArn: 'arn:aws:…' });

  expect(secretValueFrom({ secrets: {}, config }, {})).toBeUndefined();
  expect(printed.mock.calls).toEqual([[expect.stringMatching(MISSING)]]);
});

test('local mode warns that the credentials are missing for an app', () => {
  expect(secretValueFrom({ secrets: {}, config: undefined }, {})).toBeUndefined();
  expect(printed.mock.calls).toEqual([[expect.stringMatching(MISSING)]]);
});

test('a client id without a client secret is ignored with a warning', () => {
  expect(
    secretValueFrom({ secrets: {}, config }, { INTROSPECTION_CLIENT_ID: 'gateway' }),
  ).toBeUndefined();
  expect(printed).toHaveBeenCalledTimes(1);
});

test.each([
  ['as a text', 'none'],
  ['as an object', { method: 'none' }],
])('a config without client authentication, %s, needs no credentials', (_, authentication) => {
  write({ clientAuthentication: authentication });

  expect(secretValueFrom({ secrets: {}, config }, {})).toBeUndefined();
  expect(printed).not.toHaveBeenCalled();
});

test('a command with secrets by ARN needs no credentials', () => {
  expect(secretValueFrom({ secrets: { arn: 'value' }, config: undefined }, {})).toBeUndefined();
  expect(printed).not.toHaveBeenCalled();
});
