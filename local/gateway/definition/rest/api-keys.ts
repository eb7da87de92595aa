import type { ResolvedTemplate } from '../../../template/resolve';
import { parseProperties } from '../../../template/unsupported';
import { apiKeySchema, usagePlanKeySchema, usagePlanSchema } from './resource-schemas';

/** API keys of a stage. */
export interface ApiKeys {
  /** API key source: the client's `X-API-Key` header, or the authorizer's result. */
  readonly source: 'HEADER' | 'AUTHORIZER';
  /** Values of the enabled keys of the stage's usage plans. */
  readonly values: ReadonlySet<string>;
}

/**
 * Reads the API keys of a stage.
 *
 * @throws UnsupportedTemplateError naming a property that is not supported
 */
export function readApiKeys(
  template: ResolvedTemplate,
  {
    apiId,
    stage,
    source,
  }: Pick<ApiKeys, 'source'> & { readonly apiId: string; readonly stage: string },
): ApiKeys {
  const plans = template
    .ofType('AWS::ApiGateway::UsagePlan')
    .map((plan) => ({ ref: plan.ref, ...parseProperties(plan, usagePlanSchema) }))
    .filter(({ ApiStages }) =>
      ApiStages.some(({ ApiId, Stage }) => ApiId === apiId && Stage === stage),
    );
  const keyIds = template
    .ofType('AWS::ApiGateway::UsagePlanKey')
    .map((planKey) => parseProperties(planKey, usagePlanKeySchema))
    .filter(({ UsagePlanId }) => plans.some(({ ref }) => ref === UsagePlanId))
    .map(({ KeyId }) => KeyId);
  const values = template.ofType('AWS::ApiGateway::ApiKey').flatMap((key) => {
    const { Enabled, Value } = parseProperties(key, apiKeySchema);
    return Enabled && Value !== undefined && keyIds.includes(key.ref) ? [Value] : [];
  });
  return { source, values: new Set(values) };
}
