import type { RouteConditions } from '../contract';
import { isJsonObject, isStringList } from './json';

/** Scopes that an operation requires: all scopes of one of the lists. */
export type Alternatives = readonly (readonly string[])[];

/** Scopes that calls of MCP tools require in addition to those of their route, by the tool's name. */
export type ToolScopes = ReadonlyMap<string, Alternatives>;

/** Conditions of a route in addition to its scopes. */
export interface ParsedConditions {
  /** Present on routes whose requests are decided by the tool that they call. */
  readonly tools?: ToolScopes;
  /** Audience of the route, in place of that of the API. */
  readonly audience?: readonly string[];
}

/** Reads the conditions of a rule; `undefined` for faulty ones, which must not be taken for none. */
export function parseConditions(encoded: RouteConditions): ParsedConditions | undefined {
  const { tools, audience, ...unknown } = encoded;
  if (Object.keys(unknown).length > 0 || (tools ?? audience) === undefined) return undefined;
  const parsedTools = tools === undefined ? undefined : toolScopes(tools);
  if (tools !== undefined && parsedTools === undefined) return undefined;
  if (audience !== undefined && !isAudience(audience)) return undefined;
  return { ...(parsedTools && { tools: parsedTools }), ...(audience && { audience }) };
}

/** Returns whether a value is an audience. An empty list would turn off the check that it stands for. */
export function isAudience(value: unknown): value is readonly string[] {
  return isStringList(value) && value.length > 0 && !value.includes('');
}

/** Returns whether a value is a list of alternatives. Without any, every request would be denied. */
export function isAlternatives(value: unknown): value is Alternatives {
  return Array.isArray(value) && value.length > 0 && value.every(isStringList);
}

function toolScopes(encoded: unknown): ToolScopes | undefined {
  if (!isJsonObject(encoded)) return undefined;
  const entries = Object.entries(encoded);
  return entries.length > 0 && entries.every(isToolEntry) ? new Map(entries) : undefined;
}

function isToolEntry(entry: [string, unknown]): entry is [string, Alternatives] {
  return isAlternatives(entry[1]);
}
