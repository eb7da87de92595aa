import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/imports';

const directory = mkdtempSync(join(tmpdir(), 'app-'));
afterAll(() => rmSync(directory, { recursive: true }));

const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
const CONFIG = {
  introspection: { endpoint: 'https://login.example.com/introspect' },
  token: { audience: 'api.example.com' },
  api: { upstream: 'https://orders.internal.example.com' },
};

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly outdir: string;
}
let count = 0;

/** Runs the app as the CDK does, with a context and an output directory. */
function runApp(more: Record<string, unknown>, cwd = ROOT): Promise<Outcome> {
  count += 1;
  const outdir = join(directory, `out-${count}`);
  const env = {
    PATH: process.env['PATH'],
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...more }),
    CDK_VALIDATION: 'false',
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, 'dist', 'app.js')],
      { cwd, env },
      (error, stdout, stderr) =>
        resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr, outdir }),
    );
  });
}
function emptyDirectory(): string {
  count += 1;
  const path = join(directory, `cwd-${count}`);
  mkdirSync(path);
  return path;
}
function write(name: string, content: unknown): string {
  const file = join(directory, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}
const stacksOf = ({ outdir }: Outcome) =>
  readdirSync(outdir).filter((name) => name.endsWith('.template.json'));

describe('the app', () => {
  it('the app synthesizes the stack of a config file without account, credentials or network', async () => {
    const outcome = await runApp({
      config: write('good.json', { ...CONFIG, stackName: 'Orders' }),
    });

    expect(outcome).toMatchObject({ exitCode: 0, stderr: '', stdout: '' });
    expect(stacksOf(outcome)).toEqual(['Orders.template.json']);
  });

  it('the app lists every fault of a config file without a stack trace and fails', async () => {
    const config = write('faulty.json', {
      ...CONFIG,
      introspection: { endpoint: 'http://login.example.com', timeout: 3 },
      api: { upstream: 7 },
    });

    const outcome = await runApp({ config });

    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr.trimEnd().split('\n')).toEqual([
      `${config} has 3 faults:`,
      expect.stringMatching(/^ {2}introspection\.endpoint: must be an https: URL/),
      '  introspection.timeout: is not a known key; did you mean introspection.timeoutSeconds?',
      expect.stringMatching(/^ {2}api\.upstream: /),
    ]);
    expect(stacksOf(outcome)).toEqual([]);
  });

  it('the app reports a missing or malformed config file in one line', async () => {
    const missing = join(directory, 'missing.json');
    const [one, two] = await Promise.all([
      runApp({ config: missing }),
      runApp({ config: write('text.json', 'stackName: Orders') }),
    ]);

    for (const outcome of [one, two]) {
      expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
      expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(one.stderr).toContain(`${missing} cannot be read`);
    expect(two.stderr).toContain('text.json is not JSON');
    expect(one.stderr).toContain('-c config=FILE');
  });

  it.each([
    ['no config is named', undefined],
    ['the name of the config is empty', ''],
  ])('the app fails with advice if %s', async (_title, config) => {
    const outcome = await runApp({ config }, emptyDirectory());

    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toBe(
      'no config file: copy config.example.json to config.json and edit it, or name yours with -c config=FILE\n',
    );
    expect(stacksOf(outcome)).toEqual([]);
  });

  it('the app reads config.json if no config is named, never the example', async () => {
    const cwd = emptyDirectory();
    writeFileSync(join(cwd, 'config.json'), JSON.stringify({ ...CONFIG, stackName: 'Mine' }));

    const outcome = await runApp({ config: undefined }, cwd);

    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(stacksOf(outcome)).toEqual(['Mine.template.json']);
    expect(context).not.toHaveProperty('config');
  });

  it("the app turns the CDK CLI's telemetry off", () => {
    expect(context).toHaveProperty('cli-telemetry', false);
  });

  it('the app accepts http: endpoints on loopback in local mode only', async () => {
    const endpoint = 'http://127.0.0.1:8080/introspect';
    const config = write('local.json', { ...CONFIG, introspection: { endpoint }, extra: 1 });

    const [local, deployed] = await Promise.all([
      runApp({ config, local: 'true' }),
      runApp({ config }),
    ]);

    expect(local.stderr).toContain('has a fault:\n  extra: is not a known key');
    expect(deployed.stderr).toContain('has 2 faults:');
    expect(deployed.stderr).toContain('in local mode only');
  });
});
