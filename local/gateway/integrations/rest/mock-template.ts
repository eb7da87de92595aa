import velocity from 'velocityjs';
import { type HeaderField, headerValues } from '../../request/message';
import type { InvocationContext } from '../../request/invocation-context';

/** Renders the response template of a mock. */
export type MockTemplate = (exchange: InvocationContext) => {
  readonly body: string;
  readonly overrides: readonly HeaderField[];
};

/** As far as CDK's preflight methods need them. */
const directives = ['set', 'if', 'elseif', 'else', 'end'];
const requestHeader = '$input.params().header.get(';

/**
 * Reads a response template. Text without `#` and `$` is no template at all and passes as it is;
 * in others `$context.responseOverride.header` may set headers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
 *
 * @param refuse throws, naming what it is given
 */
export function readMockTemplate(template: string, refuse: (what: string) => never): MockTemplate {
  if (!/[#$]/.test(template)) return () => ({ body: template, overrides: [] });
  const variables = [...template.matchAll(/#set\(\s*\$(\w+)\s*=/g)].map(([, name]) => name);
  for (const { index } of template.matchAll(/[#$]/g)) {
    const rest = template.slice(index);
    const [, name = ''] = /^[#$](\w*)/.exec(rest) ?? [];
    const known = rest.startsWith('#')
      ? directives.includes(name)
      : rest.startsWith(requestHeader) || name === 'context' || variables.includes(name);
    if (!known) refuse(`${/^.[\w.]*/.exec(rest)?.[0]} in a response template`);
  }
  return (exchange) => render(template, exchange);
}

function render(template: string, exchange: InvocationContext): ReturnType<MockTemplate> {
  const header: Record<string, string> = {};
  const params = () => ({
    // CDK's templates ask for `Origin` and, when that is the empty string, for `origin`.
    header: { get: (name: string) => headerValues(exchange.request.headers, name)[0] ?? '' },
  });
  const context = { ...exchange.context, responseOverride: { header } };
  const body = velocity.render(template, { input: { params }, context });
  return { body, overrides: Object.entries(header) };
}
