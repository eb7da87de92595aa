import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditReport } from '../../scripts/advisories';
import { audit } from '../../scripts/npm-audit';
import { runScript } from '../support/local-command';
import { ROOT } from '../support/root';
import { startStubServer } from '../support/stub-server';

/** Uses a registry that answers its audit endpoint with this. */
async function withRegistry<Result>(
  status: number,
  answer: object,
  use: (environment: { readonly npm_config_registry: string }) => Promise<Result>,
): Promise<Result> {
  const registry = await startStubServer('/', (response, { path }) => {
    const isAudit = path === '/-/npm/v1/security/advisories/bulk';
    response.statusCode = isAudit ? status : 404;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isAudit ? answer : {}));
  });
  try {
    return await use({ npm_config_registry: registry.url.href });
  } finally {
    await registry.close();
  }
}

/** Uses an npm that prints a report, as the real one does. */
function npmThatReports(report: AuditReport): { readonly PATH: string } {
  writeFileSync(join(directory, 'report.json'), JSON.stringify(report));
  const npm = `#!/bin/sh\nexec cat '${join(directory, 'report.json')}'\n`;
  writeFileSync(join(directory, 'npm'), npm, { mode: 0o755 });
  return { PATH: `${directory}:${process.env['PATH']}` };
}

/** Audits a package with one dependency in this process. To read the lock file of the project takes npm longer. */
async function callAudit(environment: NodeJS.ProcessEnv) {
  const print = (name: 'log' | 'error') => jest.spyOn(console, name).mockImplementation();
  const [stdout, stderr] = [print('log'), print('error')];
  const code = await audit({ ...process.env, ...environment }, directory);
  const text = ({ mock }: typeof stdout) => mock.calls.map(([line]) => `${line}\n`).join('');
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const directory = mkdtempSync(join(tmpdir(), 'audit-'));
beforeAll(() => {
  const manifest = { name: 'auditing', version: '1.0.0', dependencies: { audited: '1.0.0' } };
  const packages = { '': manifest, 'node_modules/audited': { version: '1.0.0' } };
  const lock = { lockfileVersion: 3, packages };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(directory, 'package-lock.json'), JSON.stringify(lock));
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(directory, { recursive: true }));

/** Advisory about the installed version of a package. */
function advisory(name: string, title: string) {
  const manifest = readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest);
  const url = 'https://github.com/advisories/GHSA-1';
  return { [name]: [{ id: 1, url, title, severity: 'high', vulnerable_versions: version }] };
}

test('vulnerabilities of packages in the bundle and of dependencies fail npm run audit', async () => {
  const vulnerabilities = {
    ...advisory('jose', 'accepts any key'),
    ...advisory('zod', 'accepts too much'),
    ...advisory('knip', 'cuts too much'),
  };
  const command = await withRegistry(200, vulnerabilities, async (environment) => {
    const started = runScript('audit', [], environment);
    await started.ended();
    return started;
  });

  expect(command.stderr()).toContain('shipped: jose (high): accepts any key https://github.com');
  expect(command.stderr()).toContain('shipped: zod (high): accepts too much');
  expect(command.stdout()).toContain('development only: knip (high): cuts too much');
  expect(command.stdout()).toContain('2 vulnerable packages are shipped, ');
  expect(await command.ended()).toBe(1);
});

test('a vulnerability of a development tool is reported and does not fail the audit', async () => {
  const { code, stdout, stderr } = await callAudit(
    npmThatReports({
      vulnerabilities: {
        knip: {
          severity: 'high',
          via: [{ title: 'cuts too much', url: 'https://github.com/advisories/GHSA-1' }],
          nodes: ['node_modules/knip'],
        },
      },
    }),
  );

  expect(stdout).toContain('development only: knip (high): cuts too much');
  expect(stdout).toContain('0 vulnerable packages are shipped, 1 are not');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a registry without an audit endpoint does not fail the audit, which reports it', async () => {
  const { code, stdout, stderr } = await withRegistry(405, {}, callAudit);

  expect(stderr).toMatch(/^npm audit could not run, nothing was checked: .*405/m);
  expect(stdout).not.toContain('vulnerable');
  expect(code).toBe(0);
});

test('a registry that cannot be reached does not fail the audit, which reports it', async () => {
  const { code, stderr } = await callAudit({ npm_config_registry: 'http://127.0.0.1:9/' });

  expect(code).toBe(0);
  expect(stderr).toMatch(/^npm audit could not run, nothing was checked: .*ECONNREFUSED/m);
});
