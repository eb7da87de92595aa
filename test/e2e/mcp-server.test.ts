import { once } from 'node:events';
import type { Readable } from 'node:stream';
import {
  Client,
  ClientCredentialsProvider,
  InsufficientScopeError,
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { Client as ClientOfSdk1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportOfSdk1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { postForm } from '../../local/authorization-server/post-form';
import { basicAuthorization } from '../support/basic-authorization';
import { freePort } from '../support/free-port';
import { type LocalCommand, runCommand } from '../support/local-command';
import { McpUser } from '../support/mcp-user';

let command: LocalCommand;
/** URL of the MCP server. */
let resource: URL;
let issuer: string;
let agent: { readonly clientId: string; readonly clientSecret: string };

beforeAll(async () => {
  command = runCommand('example', ['mcp-server', '--port', await freePort()]);
  const ended = command.ended();
  while (!command.stdout().includes('Ctrl-C')) {
    const printed = once(command.process.stdout as Readable, 'data');
    if (typeof (await Promise.race([printed, ended])) === 'number') break;
  }
  const printed = (pattern: RegExp): string[] => {
    const found = pattern.exec(command.stdout());
    if (found === null) throw new Error(`${command.stdout()}${command.stderr()}`);
    return found.slice(1);
  };
  resource = new URL(printed(/an MCP client to (http:\S+)/).join());
  issuer = printed(/authorization server +(http:\S+)/).join();
  const [clientId = '', clientSecret = ''] = printed(/-u ([\w-]+):([\w-]+)/);
  agent = { clientId, clientSecret };
});
afterAll(() => command.process.kill('SIGKILL'));

const IDENTITY = { name: 'test', version: '1.0.0' };
const WEATHER = { name: 'get_weather', arguments: { city: 'Bern' } };
const ALERT = { name: 'set_alert', arguments: { city: 'Bern' } };

const transportOf = (authProvider: OAuthClientProvider) =>
  new StreamableHTTPClientTransport(resource, { authProvider });
const newClient = () =>
  new Client(IDENTITY, { versionNegotiation: { mode: { pin: '2026-07-28' } } });

/** Connects, with the sign-in that the server's challenge demands. */
async function connect(user: McpUser): Promise<Client> {
  const challenged = transportOf(user);
  await expect(newClient().connect(challenged)).rejects.toThrow(UnauthorizedError);
  await challenged.finishAuth(...user.authorization);
  const client = newClient();
  await client.connect(transportOf(user));
  return client;
}

/** Requests an access token with client credentials. */
async function requestToken(parameters: Record<string, string>): Promise<string> {
  const { body } = await postForm(`${issuer}/token`, {
    form: { grant_type: 'client_credentials', ...parameters },
    headers: { authorization: basicAuthorization(agent) },
  });
  return JSON.parse(body).access_token;
}

describe('example mcp-server with the official SDK', () => {
  it('a client discovers the authorization server, registers, signs a user in and calls tools as the user', async () => {
    const user = new McpUser('alice');
    const client = await connect(user);
    // Clients add offline_access themselves, where the authorization server supports it.
    expect(user.requestedScopes).toEqual(['weather:read alerts:write offline_access']);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['get_weather', 'set_alert']);
    expect(await client.callTool(WEATHER)).toMatchObject({
      content: [{ text: 'It is sunny in Bern, alice.' }],
    });
    expect(await client.callTool(ALERT)).toMatchObject({
      content: [{ text: 'alice gets alerts for Bern.' }],
    });
    await client.close();
  });

  it('a client requests the scopes of a tool when its token lacks them, and then calls the tool', async () => {
    const user = new McpUser('bob', 'weather:read');
    const client = await connect(user);
    await client.callTool(WEATHER);
    const refused = client.callTool(ALERT);
    await expect(refused).rejects.toThrow(UnauthorizedError);
    expect(user.requestedScopes.at(-1)?.split(' ')).toEqual(
      expect.arrayContaining(['alerts:write', 'weather:read']),
    );
    await (client.transport as StreamableHTTPClientTransport).finishAuth(...user.authorization);
    expect(await client.callTool(ALERT)).toMatchObject({
      content: [{ text: 'bob gets alerts for Bern.' }],
    });
    await client.close();
  });

  it('an agent with client credentials requests the scopes that the metadata lists', async () => {
    const authProvider = new ClientCredentialsProvider({ ...agent, expectedIssuer: issuer });
    const client = newClient();
    await client.connect(transportOf(authProvider));
    expect(await client.callTool(WEATHER)).toMatchObject({
      content: [{ text: 'It is sunny in Bern, agent-app.' }],
    });
    await client.close();
  });

  it.each([
    ['a tool whose scope it lacks', ALERT],
    ['a tool that is not configured', { name: 'delete_alerts' }],
  ])('an agent cannot call %s', async (_, tool) => {
    const token = await requestToken({ scope: 'weather:read', resource: resource.href });
    const client = newClient();
    await client.connect(
      new StreamableHTTPClientTransport(resource, {
        authProvider: { token: async () => token },
        onInsufficientScope: 'throw',
      }),
    );
    await client.callTool(WEATHER);
    await expect(client.callTool(tool)).rejects.toThrow(InsufficientScopeError);
    await client.close();
  });

  it('an MCP server accepts no token for another resource', async () => {
    const token = await requestToken({ scope: 'weather:read' });
    const transport = new StreamableHTTPClientTransport(resource, {
      authProvider: { token: async () => token },
    });
    await expect(newClient().connect(transport)).rejects.toThrow(UnauthorizedError);
  });

  it('a page of another origin can register as a client', async () => {
    const request = (method: string, headers: Record<string, string>, body?: string) =>
      fetch(`${issuer}/reg`, {
        method,
        headers: { Origin: 'https://page.example', ...headers },
        ...(body !== undefined && { body }),
      });
    const preflight = await request('OPTIONS', {
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': '*',
    });
    const metadata = JSON.stringify(new McpUser('page').clientMetadata);
    const responses = [
      await request('POST', { 'Content-Type': 'application/json' }, metadata),
      await request('POST', { 'Content-Type': 'application/json' }, '{}'),
    ];
    expect(
      responses.map(({ status, headers }) => [status, headers.get('access-control-allow-origin')]),
    ).toEqual([
      [201, '*'],
      [400, '*'],
    ]);
  });

  it('a client of SDK 1 signs in and is refused, since its protocol version has no header for tools', async () => {
    const user = new McpUser('carol');
    const transport = () => new TransportOfSdk1(resource, { authProvider: user });
    const challenged = transport();
    await expect(new ClientOfSdk1(IDENTITY).connect(challenged)).rejects.toThrow('Unauthorized');
    await challenged.finishAuth(user.authorization[0]);
    await expect(new ClientOfSdk1(IDENTITY).connect(transport())).rejects.toThrow();
    const response = await fetch(resource, {
      method: 'POST',
      headers: { Authorization: `Bearer ${user.tokens()?.access_token}` },
    });
    expect(response.status).toBe(403);
  });
});
