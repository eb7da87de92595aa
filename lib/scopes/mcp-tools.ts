import { EVERY_OTHER_TOOL } from '../../lambda/contract';
import { assertProp } from '../validation/prop-error';
import type { McpEndpoint } from './route-scopes';
import { API_SCOPES_ONLY, requirementOf, type ToolAlternatives } from './scope-requirement';

/**
 * Returns the normalized scopes of tools; `undefined` if no call requires more than its route.
 *
 * @throws PropError if no tool is named, a name is empty, or a scope is not valid.
 */
export function toolAlternatives(mcp: McpEndpoint | undefined): ToolAlternatives | undefined {
  if (mcp === undefined) return undefined;
  const entries = Object.entries(mcp.tools);
  const isNamed = entries.length > 0 && entries.every(([name]) => name !== '');
  assertProp(
    'mcp.tools',
    mcp.tools,
    'must be an object with the scopes of one or more tools',
    isNamed,
  );
  const tools = entries
    .map(([name, scopes]) => ({ name, requirement: requirementOf(scopes) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const isRedundant = ({ name, requirement }: (typeof tools)[number]) =>
    name === EVERY_OTHER_TOOL && requirement.name === API_SCOPES_ONLY;
  if (tools.every(isRedundant)) return undefined;
  return Object.fromEntries(tools.map(({ name, requirement }) => [name, requirement.alternatives]));
}
