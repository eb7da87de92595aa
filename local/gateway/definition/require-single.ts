import type { ResolvedResource } from '../../template/resolve';
import { NotUnderstoodError } from '../../template/unsupported';

/** @throws NotUnderstoodError naming the candidates when there is not exactly one */
export function only(candidates: readonly ResolvedResource[], what: string): ResolvedResource {
  const [first, ...others] = candidates;
  if (first && others.length === 0) return first;
  const found = candidates.map(({ logicalId }) => logicalId).join(', ') || 'none';
  throw new NotUnderstoodError(`the template must have exactly one ${what}, found: ${found}`);
}
