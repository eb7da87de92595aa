import { EVERY_OTHER_TOOL } from '../contract';
import { type Comparison, compareIdentifying } from './comparison';
import { headerValues, type RequestHeaders } from './request-headers';
import type { Alternatives, ToolScopes } from './route-conditions';

/** Reason to refuse a request whose headers do not say safely which tool it calls. */
export type McpDenialReason =
  | 'mcp_version_refused'
  | 'mcp_header_invalid'
  | 'mcp_tool_not_configured';

/** Refusal of a request with any token. */
export interface Refusal {
  readonly reason: McpDenialReason;
  readonly comparison: Comparison;
}

/** Scopes that a request requires, and the refusal of one that no scope would allow. */
export interface OperationRequirements {
  readonly scopes: Alternatives;
  readonly refusal?: Refusal;
}

/** Operation that the headers of an MCP request name; without a tool unless it calls one. */
type Operation = { readonly tool?: string } | { readonly refusal: Refusal };

/**
 * First protocol version whose servers must reject a request if its headers differ from its body. Headers of
 * older versions say nothing about the body.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation
 */
const FIRST_VERSION = '2026-07-28';
const VERSION = /^\d{4}-\d{2}-\d{2}$/;

const TOOL_CALL = 'tools/call';
const METHOD = /^[A-Za-z][\w.$-]*(?:\/[\w.$-]+)*$/;

/** Plain name: without commas, by which HTTP APIs join repeated headers, and not like an encoded one. */
const PLAIN_NAME = /^(?!=\?)[!-~](?:[ -~]*[!-~])?$/;

/** @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#value-encoding */
const ENCODED_NAME = /^=\?base64\?([A-Za-z0-9+/]+={0,2})\?=$/;

/**
 * Returns what a request to an MCP server requires: the scopes of its route and, if it calls a tool, those of
 * the tool. The server has to reject a request whose body differs from these headers.
 *
 * @param scopes alternatives of the route
 */
export function requirementsOfOperation(
  request: RequestHeaders,
  scopes: Alternatives,
  tools: ToolScopes,
): OperationRequirements {
  const operation = readOperation(request);
  if ('refusal' in operation) return { scopes, refusal: operation.refusal };
  const { tool } = operation;
  if (tool === undefined) return { scopes };
  const ofTool = tools.get(tool) ?? tools.get(EVERY_OTHER_TOOL);
  if (ofTool === undefined) {
    return { scopes, refusal: refuse('mcp_tool_not_configured', 'a configured tool', [tool]) };
  }
  return { scopes: scopes.flatMap((some) => ofTool.map((more) => union(some, more))) };
}

function readOperation(request: RequestHeaders): Operation {
  const version = headerValues(request, 'mcp-protocol-version');
  if (!isSince(single(version))) {
    return { refusal: refuse('mcp_version_refused', `${FIRST_VERSION} or later`, version) };
  }
  const methods = headerValues(request, 'mcp-method');
  const method = single(methods);
  // Values are case-sensitive. A server that ignores the case must not be reached by another spelling.
  const isOtherSpelling = method?.toLowerCase() === TOOL_CALL && method !== TOOL_CALL;
  if (method === undefined || !METHOD.test(method) || isOtherSpelling) {
    return { refusal: refuse('mcp_header_invalid', 'one Mcp-Method', methods) };
  }
  if (method !== TOOL_CALL) return {};
  const names = headerValues(request, 'mcp-name');
  const name = single(names);
  const tool = name === undefined ? undefined : decodeName(name);
  return tool === undefined
    ? { refusal: refuse('mcp_header_invalid', 'one Mcp-Name', names) }
    : { tool };
}

/** Returns the only value; `undefined` if there is none or more than one. */
function single(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}

/** Returns whether a version is at least the first one. Versions are dates, which compare as strings. */
function isSince(version: string | undefined): boolean {
  return version !== undefined && VERSION.test(version) && version >= FIRST_VERSION;
}

/** Returns the name of a tool; `undefined` for a value that readers could understand differently. */
function decodeName(value: string): string | undefined {
  const encoded = ENCODED_NAME.exec(value)?.[1];
  if (encoded === undefined) {
    return PLAIN_NAME.test(value) && !value.includes(',') ? value : undefined;
  }
  const bytes = Buffer.from(encoded, 'base64');
  const isCanonical = bytes.toString('base64') === encoded;
  try {
    return isCanonical ? UTF8.decode(bytes) : undefined;
  } catch {
    return undefined;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function refuse(reason: McpDenialReason, expected: string, received: readonly string[]): Refusal {
  const stated = received.length > 0 ? received : undefined;
  return { reason, comparison: compareIdentifying(expected, stated) };
}

function union(some: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...some, ...more])];
}
