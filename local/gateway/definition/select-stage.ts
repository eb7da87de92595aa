import type { ResolvedResource } from '../../template/resolve';
import { UnsupportedTemplateError } from '../../template/unsupported';

/**
 * Returns the stage of an API to serve.
 *
 * @param stageName default: the first stage of the template
 * @throws UnsupportedTemplateError naming the stages, if none has the name
 */
export function selectStage(
  stages: readonly ResolvedResource[],
  { logicalId }: ResolvedResource,
  stageName: string | undefined,
): ResolvedResource {
  const names = stages.map(stageNameOf);
  const selected = stageName === undefined ? stages[0] : stages[names.indexOf(stageName)];
  if (selected) return selected;
  const wanted = stageName === undefined ? 'a stage' : `the stage ${stageName}`;
  throw new UnsupportedTemplateError(
    `${logicalId} must have ${wanted}, found: ${names.join(', ') || 'none'}`,
  );
}

function stageNameOf({ properties }: ResolvedResource): string {
  return String((properties as { StageName?: unknown }).StageName);
}
