import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { evaluateApp } from '../support/evaluated-app';
import { ROOT } from '../support/root';

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
  readonly stderr: string;
  readonly stacks: readonly string[];
}
let count = 0;

/** Runs the bundle of the app as the CDK does, with a context. */
async function runApp(more: Record<string, unknown>): Promise<Outcome> {
  count += 1;
  const outdir = join(directory, `out-${count}`);
  const env = {
    PATH: process.env['PATH'],
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...more }),
    CDK_VALIDATION: 'false',
  };
  const app = promisify(execFile)(process.execPath, [join('dist', 'app.js')], {
    cwd: ROOT,
    env,
  });
  const { stdout, stderr } = await app;
  expect(stdout).toBe('');
  return { exitCode: Number(app.child.exitCode), stderr, stacks: stacksIn(outdir) };
}

/** Evaluates the app in this process, in a directory with a context. */
function callApp(more: Record<string, unknown>, cwd = ROOT): Outcome {
  const former = process.cwd();
  process.chdir(cwd);
  try {
    const { assembly, ...outcome } = evaluateApp(join('bin', 'app.ts'), { ...context, ...more });
    const stacks = stacksIn(assembly.directory);
    rmSync(assembly.directory, { recursive: true });
    return { ...outcome, stacks };
  } finally {
    process.chdir(former);
  }
}

const stacksIn = (outdir: string) =>
  readdirSync(outdir).filter((name) => name.endsWith('.template.json'));

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
describe('the app', () => {
  it('the app synthesizes the stack of a config file without account, credentials or network', async () => {
    const config = write('good.json', { ...CONFIG, stackName: 'Orders' });

    expect(await runApp({ config })).toEqual({
      exitCode: 0,
      stderr: '',
      stacks: ['Orders.template.json'],
    });
  });

  it('the app lists every fault of a config file without a stack trace and fails', () => {
    const config = write('faulty.json', {
      ...CONFIG,
      introspection: { endpoint: 'http://login.example.com', timeout: 3 },
      api: { upstream: 7 },
    });

    const outcome = callApp({ config });

    expect(outcome).toMatchObject({ exitCode: 1, stacks: [] });
    expect(outcome.stderr.trimEnd().split('\n')).toEqual([
      `${config} has 3 faults:`,
      expect.stringMatching(/^ {2}introspection\.endpoint: must be an https: URL/),
      '  introspection.timeout: is not a known key; did you mean introspection.timeoutSeconds?',
      expect.stringMatching(/^ {2}api\.upstream: /),
    ]);
  });

  it('the app reports a missing or malformed config file in one line', () => {
    const missing = join(directory, 'missing.json');
    const one = callApp({ config: missing });
    const two = callApp({ config: write('text.json', 'stackName: Orders') });

    for (const outcome of [one, two]) {
      expect(outcome).toMatchObject({ exitCode: 1, stacks: [] });
      expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(one.stderr).toContain(`${missing} cannot be read`);
    expect(two.stderr).toContain('text.json is not JSON');
    expect(one.stderr).toContain('-c config=FILE');
  });

  it.each([
    ['no config is named', undefined],
    ['the name of the config is empty', ''],
  ])('the app fails with advice if %s', (_title, config) => {
    expect(callApp({ config }, emptyDirectory())).toEqual({
      exitCode: 1,
      stderr:
        'no config file: copy config.example.json to config.json and edit it, or name yours with -c config=FILE\n',
      stacks: [],
    });
  });

  it('the app reads config.json if no config is named, never the example', () => {
    const cwd = emptyDirectory();
    writeFileSync(join(cwd, 'config.json'), JSON.stringify({ ...CONFIG, stackName: 'Mine' }));

    expect(callApp({ config: undefined }, cwd)).toEqual({
      exitCode: 0,
      stderr: '',
      stacks: ['Mine.template.json'],
    });
    expect(context).not.toHaveProperty('config');
  });

  it("the app turns the CDK CLI's telemetry off", () => {
    expect(context).toHaveProperty('cli-telemetry', false);
  });

  it('the app accepts http: endpoints on loopback in local mode only', () => {
    const endpoint = 'http://127.0.0.1:8080/introspect';
    const config = write('local.json', { ...CONFIG, introspection: { endpoint }, extra: 1 });

    const local = callApp({ config, local: 'true' });
    const deployed = callApp({ config });

    expect(local.stderr).toContain('has a fault:\n  extra: is not a known key');
    expect(deployed.stderr).toContain('has 2 faults:');
    expect(deployed.stderr).toContain('in local mode only');
  });
});
