import { MCP_PATH, type Sandbox } from '../stack/sandbox';

/** Returns how to call the MCP server of a sandbox; `undefined` if it has none. */
export function mcpInstructions({ authorizationServer, stack }: Sandbox): string | undefined {
  const api = stack.apis.find(({ routes }) =>
    routes.some(({ route }) => route.endsWith(` ${MCP_PATH}`)),
  );
  if (api === undefined) return undefined;
  const resource = `${api.url.origin}${MCP_PATH}`;
  const { clientId, clientSecret } = authorizationServer.clients['agent-app'];
  return `Connect an MCP client to ${resource}

It finds the authorization server, registers there, and opens a page where you
sign in with any name and password. Or call a tool with client credentials:

  TOKEN=$(curl -s ${authorizationServer.tokenEndpoint} \\
    -u ${clientId}:${clientSecret} \\
    -d grant_type=client_credentials -d scope=weather:read \\
    -d resource=${resource} \\
    | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -i ${resource} -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' \\
    -H 'Accept: application/json, text/event-stream' \\
    -H 'MCP-Protocol-Version: 2026-07-28' \\
    -H 'Mcp-Method: tools/call' -H 'Mcp-Name: get_weather' \\
    -d '${JSON.stringify(CALL)}'

With "Mcp-Name: set_alert", whose scope the token lacks, 403.`;
}

/** Call of a tool. @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http */
const CALL = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'get_weather',
    arguments: { city: 'Bern' },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'curl', version: '8' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
};
