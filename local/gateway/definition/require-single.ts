import type { ResolvedResource } from '../../template/resolve';
import { UnsupportedTemplateError } from '../../template/unsupported';

/** @throws NotUnderstoodError naming the candidates when there is not exactly one */
export function requireSingle(
  candidates: readonly ResolvedResource[],
  what: string,
): ResolvedResource {
  const [first, ...others] = candidates;
  if (first && others.length === 0) return first;
  const found = candidates.map(({ logicalId }) => logicalId).join(', ') || 'none';
  throw new UnsupportedTemplateError(`the template must have exactly one ${what}, found: ${found}`);
}
