import velocity from 'velocityjs';
import { isStaticText } from '../../definition/rest/mock-template';
import type { InvocationContext } from '../../request/invocation-context';
import { type HeaderField, headerValues } from '../../request/message';

/**
 * Renders the response template of a mock. Templates can set headers through
 * `$context.responseOverride.header`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
 */
export function renderMockTemplate(
  template: string,
  { request, contextVariables }: InvocationContext,
): { readonly body: string; readonly overrides: readonly HeaderField[] } {
  if (isStaticText(template)) return { body: template, overrides: [] };
  const header: Record<string, string> = {};
  const params = () => ({
    // CDK's templates read `Origin` and, if that is the empty string, `origin`.
    header: { get: (name: string) => headerValues(request.headers, name)[0] ?? '' },
  });
  const context = { ...contextVariables, responseOverride: { header } };
  const body = velocity.render(template, { input: { params }, context });
  return { body, overrides: Object.entries(header) };
}
