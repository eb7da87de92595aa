import type { ResolvedResource } from '../../template/resolve';
import { UnsupportedTemplateError } from '../../template/unsupported';

/**
 * Returns the only candidate.
 *
 * @throws UnsupportedTemplateError if there is none, or more than one; the message lists them
 */
export function requireSingle(
  candidates: readonly ResolvedResource[],
  kind: string,
): ResolvedResource {
  const [first, ...others] = candidates;
  if (first && others.length === 0) return first;
  const found = candidates.map(({ logicalId }) => logicalId).join(', ') || 'none';
  throw new UnsupportedTemplateError(`the template must have exactly one ${kind}, found: ${found}`);
}
