import type { ResolvedTemplate } from '../../../template/resolve';
import { parseProperties } from '../../../template/unsupported';
import {
  apiKeySchema,
  usagePlanKeySchema,
  usagePlanSchema,
} from './resource-schemas';
import { headerValues } from '../../request/message';
import type { InvocationContext } from '../../request/invocation-context';

/** The API keys of a stage. */
export interface ApiKeys {
  /** Who hands in a request's key: the client in `X-API-Key`, or the authorizer in its result. */
  readonly source: 'HEADER' | 'AUTHORIZER';
  /** Those that a usage plan admits to the stage. */
  readonly values: ReadonlySet<string>;
}

/** @throws NotUnderstoodError naming a property that is not imitated */
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

/**
 * Whether a request comes with a key of a usage plan of the stage. Plans are not enforced beyond
 * that: local mode throttles nobody.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
 *
 * @param usageIdentifierKey what the authorizer's result named
 */
export function hasApiKey(
  { source, values }: ApiKeys,
  { request }: InvocationContext,
  usageIdentifierKey: string | undefined,
): boolean {
  const key =
    source === 'AUTHORIZER' ? usageIdentifierKey : headerValues(request.headers, 'X-API-Key')[0];
  return key !== undefined && values.has(key);
}
