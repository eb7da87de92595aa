import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

/** Smallest PNG and WAV. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

const text = (content: string) => ({ type: 'text' as const, text: content });
const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' };

/** Creates an MCP server with the tools, resources and prompts that the conformance scenarios use. */
function createConformanceServer(): McpServer {
  const server = new McpServer(
    { name: 'conformance', version: '1.0.0' },
    { capabilities: { logging: {}, completions: {}, tools: {}, resources: {}, prompts: {} } },
  );
  addContentTools(server);
  addInteractiveTools(server);
  addResourcesAndPrompts(server);
  return server;
}

function addContentTools(server: McpServer): void {
  const contents = {
    test_simple_text: [text('This is a simple text response for testing.')],
    test_image_content: [image],
    test_audio_content: [{ type: 'audio' as const, data: WAV, mimeType: 'audio/wav' }],
    test_embedded_resource: [
      {
        type: 'resource' as const,
        resource: {
          ...{ uri: 'test://embedded-resource', mimeType: 'text/plain' },
          text: 'This is an embedded resource content.',
        },
      },
    ],
    test_multiple_content_types: [
      text('Multiple content types test:'),
      image,
      {
        type: 'resource' as const,
        resource: {
          ...{ uri: 'test://mixed-content-resource', mimeType: 'application/json' },
          text: '{"test":"data","value":123}',
        },
      },
    ],
  };
  for (const [name, content] of Object.entries(contents)) {
    server.registerTool(name, { description: name }, async () => ({ content }));
  }
  server.registerTool('test_error_handling', { description: 'Fails' }, async () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
}

function addInteractiveTools(server: McpServer): void {
  server.registerTool('test_tool_with_logging', { description: 'Logs' }, async (extra) => {
    for (const data of [
      'Tool execution started',
      'Tool processing data',
      'Tool execution completed',
    ]) {
      await extra.sendNotification({
        method: 'notifications/message',
        params: { level: 'info', data },
      });
      await sleep(50);
    }
    return { content: [text('done')] };
  });
  server.registerTool('test_tool_with_progress', { description: 'Reports' }, async (extra) => {
    const progressToken = extra._meta?.progressToken ?? 0;
    for (const progress of [0, 50, 100]) {
      await extra.sendNotification({
        method: 'notifications/progress',
        params: { progressToken, progress, total: 100 },
      });
      await sleep(50);
    }
    return { content: [text('done')] };
  });
  server.registerTool(
    'test_sampling',
    { description: 'Samples', inputSchema: { prompt: z.string() } },
    async ({ prompt }) => {
      const { content } = await server.server.createMessage({
        messages: [{ role: 'user', content: text(prompt) }],
        maxTokens: 100,
      });
      return { content: [text(`LLM response: ${JSON.stringify(content)}`)] };
    },
  );
  server.registerTool(
    'test_elicitation',
    { description: 'Elicits', inputSchema: { message: z.string() } },
    async ({ message }) => {
      const response = { type: 'string' as const, description: "User's response" };
      const { action, content } = await server.server.elicitInput({
        message,
        requestedSchema: {
          type: 'object',
          properties: { username: response, email: response },
          required: ['username', 'email'],
        },
      });
      return { content: [text(`User response: ${action} ${JSON.stringify(content)}`)] };
    },
  );
}

function addResourcesAndPrompts(server: McpServer): void {
  const contents = {
    'test://static-text': {
      mimeType: 'text/plain',
      text: 'This is the content of the static text resource.',
    },
    'test://static-binary': { mimeType: 'image/png', blob: PNG },
  };
  for (const [uri, content] of Object.entries(contents)) {
    server.registerResource(
      uri,
      uri,
      { description: uri, mimeType: content.mimeType },
      async () => ({
        contents: [{ uri, ...content }],
      }),
    );
  }
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  server.registerResource(
    'template',
    template,
    { description: 'Template' },
    async (uri, { id }) => ({
      contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify({ id }) }],
    }),
  );
  server.registerPrompt('test_simple_prompt', { description: 'Simple' }, async () => ({
    messages: [{ role: 'user', content: text('This is a simple prompt for testing.') }],
  }));
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'With arguments', argsSchema: { arg1: z.string(), arg2: z.string() } },
    async ({ arg1, arg2 }) => ({
      messages: [
        { role: 'user', content: text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`) },
      ],
    }),
  );
}

/** Creates an HTTP server of Streamable HTTP with sessions. */
export function createMcpHttpServer(): Server {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const known = sessions.get(String(request.headers['mcp-session-id']));
    if (known) return known.handleRequest(request, response);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await createConformanceServer().connect(transport);
    return transport.handleRequest(request, response);
  }
  return createServer((request, response) => {
    serve(request, response).catch((error) => response.destroy(error));
  });
}
