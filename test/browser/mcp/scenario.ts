import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import type { ServedRequest } from '../../../local/requests/served-request';
import { MCP_PATH, startSandbox } from '../../../local/stack/sandbox';
import type { Report } from '../report';
import { McpClientPage } from './client-page';
import { serveMcpClient } from './client-server';

/** Window size of the screenshot. */
const WINDOW = { width: 1280, height: 1180 };

interface Scenario {
  readonly browser: Browser;
  readonly report: Report;
  /** Directory of the screenshot. Default: no screenshot. */
  readonly screenshots?: string | undefined;
}

/** Connects a page of another origin to the example MCP server, and compares what it reads with what the gateway did. */
export async function runMcpScenario({ browser, report, screenshots }: Scenario): Promise<void> {
  const requests: ServedRequest[] = [];
  const [sandbox, clientServer] = await Promise.all([
    startSandbox({
      app: 'node --import tsx examples/mcp-server.ts',
      log: () => {},
      onRequest: (request) => requests.push(request),
    }),
    serveMcpClient(),
  ]);
  try {
    const { issuer } = sandbox.authorizationServer;
    const api = sandbox.stack.url.origin;
    const metadata = `/.well-known/oauth-protected-resource${MCP_PATH}`;
    const client = new McpClientPage(await browser.newPage({ viewport: WINDOW }));
    await client.open(clientServer.url);

    await report.check('a page finds the authorization server and registers there', async () => {
      await client.connect(new URL(MCP_PATH, api), 'weather:read');
      await client.page.waitForURL(`${issuer}/interaction/*`);
      assert.deepEqual(
        requests.map(({ method, path, status }) => `${method} ${path} ${status}`),
        [
          `OPTIONS ${MCP_PATH} 204`,
          `POST ${MCP_PATH} 401`,
          `OPTIONS ${metadata} 204`,
          `GET ${metadata} 200`,
        ],
      );
    });
    await report.check('a page calls a tool as the user who signed in', async () => {
      await client.signIn('alice');
      await client.consent();
      await client.shows('Connected');
      await client.press('List tools');
      await client.shows('get_weather, set_alert');
      await client.press('Call get_weather');
      await client.shows('It is sunny in Bern, alice.');
    });
    await report.check('a page reads the scopes in a 403 and requests them', async () => {
      await client.press('Call set_alert');
      await client.page.waitForURL(`${issuer}/interaction/*`);
      assert.equal(requests.at(-1)?.status, 403);
      await client.consent();
      await client.shows('Connected');
      const [refused, ...others] = (await client.responses()).filter(
        ({ status }) => status === 403,
      );
      assert.deepEqual(others, []);
      assert.match(String(refused?.challenge), /^Bearer .*error="insufficient_scope", scope="/);
      assert.equal(JSON.parse(String(refused?.body)).scope, 'alerts:write');
    });
    await report.check('a page calls the tool with the scopes that it requested', async () => {
      await client.press('Call set_alert');
      await client.shows('alice gets alerts for Bern.');
    });
    await report.check('a page reads every response and every challenge', async () => {
      const read = await client.responses();
      const exchanges = read.map(
        ({ method, origin, path, status }) => `${method} ${origin}${path} ${status}`,
      );
      assert.deepEqual(
        [...new Set(exchanges)],
        [
          `POST ${api}${MCP_PATH} 401`,
          `GET ${api}${metadata} 200`,
          `GET ${issuer}/.well-known/oauth-authorization-server 200`,
          `POST ${issuer}/reg 201`,
          `POST ${issuer}/token 200`,
          `POST ${api}${MCP_PATH} 200`,
          `POST ${api}${MCP_PATH} 403`,
        ],
      );
      const challenges = read.filter(({ status }) => status === 401 || status === 403);
      for (const { challenge } of challenges) {
        assert.ok(challenge?.includes(`resource_metadata="${api}${metadata}"`), `${challenge}`);
      }
      assert.deepEqual(client.errors, []);
    });
    if (screenshots !== undefined) {
      mkdirSync(screenshots, { recursive: true });
      await client.page.screenshot({ path: join(resolve(screenshots), 'mcp-client.png') });
    }
  } finally {
    await Promise.all([clientServer.close(), sandbox.close()]);
  }
}
