import { functionVariable } from '../template/function-variable';
import type { ResolvedTemplate } from '../template/resolve';

/** Environment variable of an authorizer function with the ARN of its credentials secret. */
const VARIABLE = 'INTROSPECTION_CREDENTIALS_SECRET_ARN';

/**
 * Returns the ARNs of the secrets with introspection credentials: those that authorizer functions read.
 * Imported by name, an ARN has no suffix.
 */
export function credentialsSecrets(template: ResolvedTemplate): readonly string[] {
  const arns = template
    .ofType('AWS::Lambda::Function')
    .map((resource) => functionVariable(resource, VARIABLE));
  return [...new Set(arns)].filter((arn) => arn !== undefined);
}
