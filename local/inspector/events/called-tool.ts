/** Headers of an authorizer's event. Those of HTTP APIs are in lower case. */
type EventHeaders = Readonly<Record<string, string | undefined>> | null | undefined;

/**
 * Returns the name of the MCP tool that a request calls by its headers; `undefined` if it calls none.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#value-encoding
 */
export function calledTool(headers: EventHeaders): string | undefined {
  const header = (wanted: string) =>
    Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1];
  const name = header('mcp-name');
  if (header('mcp-method') !== 'tools/call' || name === undefined) return undefined;
  const [, encoded] = /^=\?base64\?(.+)\?=$/.exec(name) ?? [];
  return encoded === undefined ? name : Buffer.from(encoded, 'base64').toString('utf8');
}
