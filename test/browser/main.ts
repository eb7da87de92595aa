import '../../cli/require-node';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchBrowser, UnavailableError } from './browser';
import { type InspectedSandbox, startInspectedSandbox } from './inspected-sandbox';
import { InspectorPage } from './inspector-page';
import { runMcpScenario } from './mcp/scenario';
import { createReport, type Report } from './report';
import { runMintingScenario, runScenario } from './scenario';

/**
 * `npm run test:browser [-- --where-possible] [--screenshots DIR]`: drives the inspector and an MCP client in an
 * installed Chromium or Chrome, and compares what they show with what the gateway did. With `--where-possible` it exits
 * with 0 if there is no browser.
 */
const { 'where-possible': wherePossible, screenshots } = parseArgs({
  options: {
    'where-possible': { type: 'boolean', default: false },
    screenshots: { type: 'string' },
  },
}).values;

/** Window sizes at which the page must be readable. */
const WINDOWS = [
  { width: 1280, height: 1180 },
  { width: 400, height: 900 },
];

async function run(): Promise<boolean> {
  const browser = await launchBrowser(process.env);
  const closing: (() => Promise<void>)[] = [() => browser.close()];
  try {
    console.log('Starting two sandboxes …');
    const [usual, minting] = await Promise.all([
      startInspectedSandbox(),
      startInspectedSandbox({ mint: true }),
    ]);
    closing.push(usual.close, minting.close);
    const report = createReport();
    console.log(`Chromium ${browser.version()}`);
    const pages = [
      await openInspector(browser, usual),
      await openInspector(browser, minting),
    ] as const;
    await runScenario({ ...usual, inspector: pages[0], report });
    await runMintingScenario({ ...minting, inspector: pages[1], report });
    await checkPage(report, usual, pages[0]);
    await report.check('every button was driven', async () => {
      const union = (name: 'seen' | 'pressed') =>
        [...new Set(pages.flatMap((page) => [...page[name]]))].sort();
      assert.deepEqual(union('pressed'), union('seen'));
    });
    await runMcpScenario({ browser, report, screenshots });
    return report.close();
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function openInspector(
  browser: Browser,
  { inspectorUrl }: InspectedSandbox,
): Promise<InspectorPage> {
  const [viewport] = WINDOWS;
  const inspector = new InspectorPage(
    await browser.newPage({ viewport: viewport ?? null, colorScheme: 'light' }),
  );
  await inspector.open(inspectorUrl);
  return inspector;
}

/** Checks the page itself: security, keyboard, announcements and layout. */
async function checkPage(
  report: Report,
  { sandbox, inspectorUrl, requests }: InspectedSandbox,
  inspector: InspectorPage,
): Promise<void> {
  const { page } = inspector;
  await report.check('events contain no secret', async () => {
    const { authorizationServer } = sandbox;
    const secrets = [authorizationServer.gateway, ...Object.values(authorizationServer.clients)];
    const history = await readEvents(inspectorUrl, String(requests.at(-1)?.requestId));
    assert.ok(history.includes('gateway:••••'), 'the exchange with the introspection endpoint');
    for (const { clientId, clientSecret } of secrets) {
      assert.equal(history.includes(clientSecret), false, `secret of ${clientId}`);
    }
  });
  await report.check('the page requests its own origin only, and no URL with a token', async () => {
    const origins = new Set(inspector.requested.map((url) => new URL(url).origin));
    assert.deepEqual([...origins], [inspectorUrl.origin]);
    assert.deepEqual(
      inspector.requested.filter((url) => new URL(url).search !== ''),
      [],
    );
  });
  await report.check('no error and no violation of the Content Security Policy', async () => {
    // Actions that are rejected are reported as failed requests.
    const errors = inspector.errors.filter((text) => !/status of 400/.test(text));
    assert.deepEqual(errors, []);
  });
  await report.check('a request is announced', async () => {
    await inspector.send('Without token');
    const announced = await page.getByRole('status').innerText();
    assert.match(announced, /^GET \/orders\/42 got 401, decided by API Gateway$/);
  });
  await report.check('the keyboard sends, and moves through the requests', async () => {
    const path = page.getByLabel('Path');
    await path.fill('/orders/7');
    await path.press('Enter');
    await page
      .getByRole('button', { name: /\/orders\/7/ })
      .first()
      .waitFor();
    const newest = page.locator('[data-request]').first();
    await newest.focus();
    await page.keyboard.press('ArrowDown');
    const second = page.locator('[data-request]').nth(1);
    assert.equal(await second.getAttribute('aria-current'), 'true');
    const focused = page.locator('[data-request]:focus');
    assert.equal(
      await focused.getAttribute('data-request'),
      await second.getAttribute('data-request'),
    );
    await page.keyboard.press('ArrowUp');
    assert.equal(await newest.getAttribute('aria-current'), 'true');
  });
  await report.check('every control has a name', async () => {
    const names = await page.locator('button, input, select').evaluateAll((items) =>
      items.map((item) => {
        const { textContent, labels } = item as {
          readonly textContent: string;
          readonly labels?: ArrayLike<{ readonly textContent: string }>;
        };
        return `${textContent}${labels?.[0]?.textContent ?? ''}`.trim();
      }),
    );
    assert.equal(names.includes(''), false);
  });
  await report.check('an action that fails shows why', async () => {
    await inspector.act('Stop', 'Authorization server', /Stopped/);
    await inspector.press('Get a token');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    assert.equal(await alert.innerText(), 'the authorization server is stopped');
    await inspector.act('Start', 'Authorization server', /Started/);
  });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const window of WINDOWS) {
      await report.check(`readable at ${window.width} pixels, ${colorScheme}`, async () => {
        await showRequest(inspector);
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(window);
        assert.equal(await inspector.overflow(), 0);
        if (screenshots !== undefined) {
          const name = `inspector-${colorScheme}-${window.width}.png`;
          mkdirSync(screenshots, { recursive: true });
          await page.screenshot({ path: join(resolve(screenshots), name) });
        }
      });
    }
  }
}

/** Shows a request with every step. */
async function showRequest(inspector: InspectorPage): Promise<void> {
  await inspector.page.getByLabel('Path').fill('/orders/42');
  await inspector.getToken();
  const { status } = await inspector.send();
  assert.equal(status, 200);
  await inspector.page.locator('html').evaluate((html) => html.scrollTo(0, 0));
}

/** Reads the events of the server, up to the one with an id. */
async function readEvents(url: URL, lastId: string): Promise<string> {
  const ending = new AbortController();
  const { body } = await fetch(new URL('/events', url), { signal: ending.signal });
  const decoder = new TextDecoder();
  let history = '';
  try {
    for await (const chunk of body ?? []) {
      history += decoder.decode(chunk, { stream: true });
      const at = history.lastIndexOf(`"id":"${lastId}"`);
      if (at >= 0 && history.includes('\n\n', at)) break;
    }
  } finally {
    ending.abort();
  }
  return history;
}

run().then(
  (passed) => process.exit(passed ? 0 : 1),
  (error: unknown) => {
    if (!(error instanceof UnavailableError)) {
      console.error(error);
      process.exit(1);
    }
    console.log(`No page was driven: ${error.message}.`);
    process.exit(wherePossible ? 0 : 1);
  },
);
