import type { ResolvedResource, ResolvedTemplate } from '../template/resolve';
import { UnsupportedTemplateError } from '../template/unsupported';

/** Environment variable of an authorizer function with the ARN of its credentials secret. */
const VARIABLE = 'INTROSPECTION_CREDENTIALS_SECRET_ARN';

/**
 * Returns the ARNs of the secrets with introspection credentials: those that authorizer functions read.
 * Imported by name, an ARN has no suffix.
 */
export function credentialsSecrets(template: ResolvedTemplate): readonly string[] {
  const arns = template.ofType('AWS::Lambda::Function').map(secretArnOf);
  return [...new Set(arns)].filter((arn) => arn !== undefined);
}

function secretArnOf({ properties }: ResolvedResource): string | undefined {
  try {
    const { Environment } = properties as { Environment?: { Variables?: Record<string, unknown> } };
    const arn = Environment?.Variables?.[VARIABLE];
    return typeof arn === 'string' ? arn : undefined;
  } catch (error) {
    // The function cannot run locally, which it reports when it is called.
    if (error instanceof UnsupportedTemplateError) return undefined;
    throw error;
  }
}
