import { McpServer, type McpServerFactory } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** Creates an MCP server with two tools. The API has checked the scopes of the tool that a request calls. */
export const createWeatherServer: McpServerFactory = ({ authInfo }) => {
  const caller = String(authInfo?.extra?.['sub']);
  const server = new McpServer({ name: 'weather', version: '1.0.0' });
  server.registerTool(
    'get_weather',
    {
      description: 'Returns the weather of a city. Requires the scope weather:read.',
      inputSchema: z.object({ city: z.string() }),
    },
    async ({ city }) => text(`It is sunny in ${city}, ${caller}.`),
  );
  server.registerTool(
    'set_alert',
    {
      description: 'Sets an alert for a city. Requires the scope alerts:write.',
      inputSchema: z.object({ city: z.string() }),
    },
    async ({ city }) => text(`${caller} gets alerts for ${city}.`),
  );
  return server;
};

function text(content: string) {
  return { content: [{ type: 'text' as const, text: content }] };
}
