import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/imports';
import { runScript } from '../support/local-command';
import { startStubServer } from '../support/stub-server';

/** Runs `npm run audit` against a registry that answers its audit endpoint with this. */
async function audit(status: number, answer: object) {
  const registry = await startStubServer('/', (response, { path }) => {
    const isAudit = path === '/-/npm/v1/security/advisories/bulk';
    response.statusCode = isAudit ? status : 404;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isAudit ? answer : {}));
  });
  try {
    const command = runScript('audit', [], { npm_config_registry: registry.url.href });
    const code = await command.ended();
    return { code, stdout: command.stdout(), stderr: command.stderr() };
  } finally {
    await registry.close();
  }
}

/** Advisory about the installed version of a package. */
function advisory(name: string, title: string) {
  const manifest = readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest);
  const url = 'https://github.com/advisories/GHSA-1';
  return { [name]: [{ id: 1, url, title, severity: 'high', vulnerable_versions: version }] };
}

test('vulnerabilities of packages in the bundle and of dependencies fail the audit', async () => {
  const { code, stdout, stderr } = await audit(200, {
    ...advisory('jose', 'accepts any key'),
    ...advisory('zod', 'accepts too much'),
  });

  expect(stderr).toContain('shipped: jose (high): accepts any key https://github.com');
  expect(stderr).toContain('shipped: zod (high): accepts too much');
  expect(stdout).toContain('2 vulnerable packages are shipped, ');
  expect(code).toBe(1);
});

test('a vulnerability of a development tool is reported and does not fail the audit', async () => {
  const { code, stdout, stderr } = await audit(200, advisory('knip', 'cuts too much'));

  expect(stdout).toContain('development only: knip (high): cuts too much');
  expect(stdout).toContain('0 vulnerable packages are shipped, 1 are not');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a registry without an audit endpoint does not fail the audit, which reports it', async () => {
  const { code, stdout, stderr } = await audit(405, {});

  expect(stderr).toMatch(/^npm audit could not run, nothing was checked: .*405/m);
  expect(stdout).not.toContain('vulnerable');
  expect(code).toBe(0);
});

test('a registry that cannot be reached does not fail the audit, which reports it', async () => {
  const command = runScript('audit', [], { npm_config_registry: 'http://127.0.0.1:9/' });

  expect(await command.ended()).toBe(0);
  expect(command.stderr()).toContain('npm audit could not run, nothing was checked: ');
});
