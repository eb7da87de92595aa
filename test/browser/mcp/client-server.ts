import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { close, listen } from '../../../local/http-server';

/** Server of a page that is an MCP client. */
export interface McpClientServer {
  readonly url: URL;
  close(): Promise<void>;
}

/** Serves the page with the official SDK, bundled for browsers. */
export async function serveMcpClient(): Promise<McpClientServer> {
  const page = await readFile(join(__dirname, 'client.html'));
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'client.mjs')],
    ...{ bundle: true, platform: 'browser', format: 'esm', write: false },
  });
  const script = Buffer.from(outputFiles[0]?.contents ?? []);
  const server = createServer((request, response) => {
    const isScript = request.url === '/client.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isScript ? script : page);
  });
  const { port } = await listen(server);
  return { url: new URL(`http://127.0.0.1:${port}`), close: () => close(server) };
}
