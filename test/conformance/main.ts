import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAuthorizationServer } from '../../local/authorization-server/authorization-server';
import { requestAccessToken } from '../../local/authorization-server/client';
import { close, listen } from '../../local/http-server';
import { startLocalStack } from '../../local/stack/local-stack';
import { createMcpHttpServer } from './server';
import { installSuite, runSuite } from './suite';
import { createTokenProxy } from './token-proxy';

const AUDIENCE = 'mcp.example.com';

/**
 * `npm run test:conformance`: runs the official scenarios for MCP servers against a server, and against the
 * same server behind a streaming REST API in local mode. Fails if the API changes a result.
 */
async function compare(): Promise<boolean> {
  const script = installSuite();
  const started: (() => Promise<unknown>)[] = [];
  const serve = async (server: Server) => {
    started.push(() => close(server));
    return new URL('/mcp', await listen(server));
  };
  try {
    const direct = await serve(createMcpHttpServer());
    const authorizationServer = await startAuthorizationServer({
      audience: AUDIENCE,
      applications: { agent: { scopes: ['mcp'] } },
    });
    started.push(authorizationServer.close);
    const { issuer, introspectionEndpoint, gateway, tokenEndpoint, clients } = authorizationServer;
    const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
    started.push(async () => rmSync(directory, { recursive: true, force: true }));
    const config = join(directory, 'config.json');
    const route = { method: 'ANY', path: '/mcp', scopes: ['mcp'] };
    writeFileSync(
      config,
      JSON.stringify({
        introspection: { endpoint: introspectionEndpoint },
        token: { issuer, audience: AUDIENCE },
        api: { upstream: direct.origin, streaming: true, routes: [route] },
      }),
    );
    const stack = await startLocalStack({
      source: { context: { config } },
      secretValue: JSON.stringify({
        client_id: gateway.clientId,
        client_secret: gateway.clientSecret,
      }),
      log: () => undefined,
    });
    started.push(stack.close);
    const accessToken = await requestAccessToken(tokenEndpoint, clients.agent, 'mcp');
    const protectedUrl = await serve(createTokenProxy(stack.url, accessToken));
    return report(await runSuite(script, direct), await runSuite(script, protectedUrl));
  } finally {
    for (const stop of started.reverse()) await stop();
  }
}

/** Prints the results as a Markdown table. */
function report(direct: ReadonlyMap<string, boolean>, protectedOnes: ReadonlyMap<string, boolean>) {
  const word = (passed: boolean | undefined) => (passed ? 'passes' : 'fails');
  console.log('| scenario | server alone | behind the API |\n|---|---|---|');
  for (const [scenario, passed] of direct) {
    console.log(`| ${scenario} | ${word(passed)} | ${word(protectedOnes.get(scenario))} |`);
  }
  const changed = [...direct].filter(([name, passed]) => protectedOnes.get(name) !== passed);
  console.log(`\n${changed.length} results differ.`);
  return changed.length === 0;
}

compare().then(
  (same) => process.exit(same ? 0 : 1),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
