import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from '../../../local/cli/arguments';
import { localCommand } from '../../../local/cli/local';
import { type CertificateAuthority, createCertificateAuthority } from '../../support/certificates';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'arguments-'));
  writeFileSync(join(directory, 'secret.txt'), '{"client_id":"gateway"}\n');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Returns the arguments that the command `local` reads. */
function read(...args: string[]) {
  const command = localCommand().action(() => undefined);
  command.parse(args, { from: 'user' });
  return readArguments(command.opts(), { INIT_CWD: directory });
}

test("paths are relative to the caller's directory", () => {
  expect(read('--config', 'config.json')).toMatchObject({
    config: join(directory, 'config.json'),
    directory,
    watch: false,
  });
});

test('an app is named with its context, stack and stage', () => {
  const args = ['--app', 'node app.js', '--context', 'a=b=c', '--stack', 'Prod/Api'];
  const ports = ['--port', '8080', '--inspector-port', '0'];
  expect(read(...args, '--stage', 'beta', ...ports, '--watch')).toMatchObject({
    app: 'node app.js',
    context: { a: 'b=c' },
    stack: 'Prod/Api',
    stage: 'beta',
    port: 8080,
    inspectorPort: 0,
    watch: true,
  });
});

test('secrets have the content of their files, without the line end of an editor', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:client-AbCdEf';

  expect(read('--app', 'a', '--secret', `${arn}=secret.txt`).secrets).toEqual({
    [arn]: '{"client_id":"gateway"}',
  });
});

test.each([
  ['a secret without a file', ['--secret', 'x'], '--secret must be ARN=FILE, got: x'],
  [
    'a secret file that is missing',
    ['--secret', 'x=nowhere'],
    '--secret must name a file that can',
  ],
])('the error for %s states the rule', (_, args, sentence) => {
  expect(() => read('--app', 'a', ...args)).toThrow(sentence);
});

describe('certificates for mutual TLS', () => {
  let authority: CertificateAuthority;

  beforeAll(async () => {
    authority = await createCertificateAuthority();
    const [server, other] = await Promise.all([
      authority.server(['127.0.0.1']),
      authority.server(['127.0.0.1']),
    ]);
    const files = { 'ca.pem': authority.cert, 'server.pem': server.cert, 'key.pem': server.key };
    for (const [name, text] of Object.entries({ ...files, 'other-key.pem': other.key })) {
      writeFileSync(join(directory, name), text);
    }
  });

  const app = ['--app', 'a'];

  test('certificates are made unless files are named', () => {
    expect(read(...app).mutualTls).toEqual({});
  });

  test('the trust store and the server certificate are read from their files', () => {
    const clientCa = ['--client-ca', 'ca.pem'];
    const server = ['--tls-cert', 'server.pem', '--tls-key', 'key.pem'];

    expect(read(...app, ...clientCa).mutualTls).toEqual({ trustStore: authority.cert });
    expect(read(...app, ...clientCa, ...server).mutualTls).toEqual({
      trustStore: authority.cert,
      server: { cert: expect.stringMatching(/CERTIFICATE/), key: expect.stringMatching(/KEY/) },
    });
  });

  test.each([
    ['--tls-cert and --tls-key must be specified together', ['--tls-cert', 'server.pem']],
    ['--tls-cert and --tls-key must be specified together', ['--tls-key', 'key.pem']],
    ['--client-ca must name a file that can be read', ['--client-ca', 'absent.pem']],
    [
      '--client-ca must name a file with PEM certificates, got: key.pem',
      ['--client-ca', 'key.pem'],
    ],
    [
      '--tls-cert and --tls-key must name a PEM certificate and its key, got: server.pem and other-key.pem',
      ['--tls-cert', 'server.pem', '--tls-key', 'other-key.pem'],
    ],
  ])('the error is "%s" for %j', (message, options) => {
    expect(() => read(...app, ...options)).toThrow(message);
  });
});
