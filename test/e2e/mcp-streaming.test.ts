import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  Client as ClientOfSdk2,
  StreamableHTTPClientTransport as TransportOfSdk2,
} from '@modelcontextprotocol/client';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { close, listen } from '../../local/http-server';
import { withPhantomToken } from '../../upstream';
import {
  startTestAuthorizationServer,
  type TestAuthorizationServer,
} from '../support/authorization-server';
import { freePort } from '../support/free-port';
import { McpUser } from '../support/mcp-user';
import { type ServedConfig, serveConfig } from '../support/served-config';

/** Notified when the client has received the progress of a tool. */
const client = new EventEmitter();

let authorizationServer: TestAuthorizationServer;
let upstream: Server;
let api: ServedConfig;
let resource: URL;

beforeAll(async () => {
  resource = new URL(`http://127.0.0.1:${await freePort()}/mcp`);
  authorizationServer = await startTestAuthorizationServer({
    applications: { shop: { scopes: ['weather:read'] }, brief: { scopes: [] } },
    resources: [resource.href],
    interactive: true,
  });
  const { issuer, introspectionEndpoint, jwksUri, gateway } = authorizationServer;
  const keys = createRemoteJWKSet(new URL(jwksUri));
  const verify = async (jwt: string) =>
    (await jwtVerify(jwt, keys, { issuer, audience: resource.href })).payload;
  upstream = createServer((request, response) => serveMcp(request, response, verify));
  api = await serveConfig({
    config: {
      introspection: { endpoint: introspectionEndpoint },
      token: { issuer, audience: resource.href },
      api: {
        upstream: (await listen(upstream)).origin,
        streaming: true,
        protectedResource: { resource: resource.href },
        routes: [{ method: 'ANY', path: '/mcp', scopes: ['weather:read'] }],
      },
    },
    secret: { client_id: gateway.clientId, client_secret: gateway.clientSecret },
    port: Number(resource.port),
  });
});
afterAll(async () => {
  await api.close();
  await authorizationServer.close();
  await close(upstream);
});

/** Serves Streamable HTTP with events, behind the API. */
async function serveMcp(
  request: IncomingMessage,
  response: ServerResponse,
  verify: Parameters<typeof withPhantomToken>[1],
): Promise<void> {
  if (request.method !== 'POST') return void response.writeHead(405).end();
  const server = new McpServer({ name: 'weather', version: '1.0.0' });
  server.registerTool('follow_weather', {}, async ({ authInfo, _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken ?? '';
    const received = once(client, 'received');
    await sendNotification({
      method: 'notifications/progress',
      params: { progressToken, progress: 1 },
    });
    // The result follows only when the client has the progress.
    await received;
    const scopes = authInfo?.scopes.join();
    return { content: [{ type: 'text', text: `${authInfo?.extra?.['sub']} ${scopes}` }] };
  });
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  await server.connect(transport);
  await transport.handleRequest(await withPhantomToken(request, verify), response);
}

const IDENTITY = { name: 'test', version: '1.0.0' };
const RESULT = { content: [{ type: 'text', text: 'alice weather:read' }] };

describe('MCP server with events behind a streaming REST API', () => {
  it('a client of SDK 1 signs a user in and receives the progress of a tool before its result', async () => {
    const notices = jest.spyOn(console, 'info').mockImplementation();
    const user = new McpUser('alice');
    const transport = () => new StreamableHTTPClientTransport(resource, { authProvider: user });
    const challenged = transport();
    await expect(new Client(IDENTITY).connect(challenged)).rejects.toThrow(UnauthorizedError);
    await challenged.finishAuth(user.authorization[0]);
    const connected = new Client(IDENTITY);
    await connected.connect(transport());
    const result = await connected.callTool({ name: 'follow_weather' }, undefined, {
      onprogress: () => client.emit('received'),
    });
    expect(result).toEqual(RESULT);
    await connected.close();
    // oidc-provider prints one for each default that it uses.
    expect(notices.mock.calls).toEqual([]);
  });

  it('a client of SDK 2 finds an older server, signs a user in and receives the progress before the result', async () => {
    const user = new McpUser('alice');
    const transport = () => new TransportOfSdk2(resource, { authProvider: user });
    const newClient = () => new ClientOfSdk2(IDENTITY, { versionNegotiation: { mode: 'auto' } });
    const challenged = transport();
    await expect(newClient().connect(challenged)).rejects.toThrow('Unauthorized');
    await challenged.finishAuth(...user.authorization);
    const connected = newClient();
    await connected.connect(transport());
    const result = await connected.callTool(
      { name: 'follow_weather' },
      { onprogress: () => client.emit('received') },
    );
    expect(result).toMatchObject(RESULT);
    await connected.close();
  });
});
