import { Stack } from 'aws-cdk-lib';
import { AuthorizerFunction, type AuthorizerFunctionProps } from '../../lib';
import type { ScopeRulesProvider } from '../../lib/authorizer/protected-apis';

/** An authorizer function that protects something, with the least it takes beside the props given. */
export function addAuthorizerFunction(
  stack: Stack,
  props: Partial<AuthorizerFunctionProps> = {},
  rules: ScopeRulesProvider = () => [],
): AuthorizerFunction {
  const authorizer = new AuthorizerFunction(stack, 'Authorizer', {
    introspectionEndpoint: 'https://login.example.com/introspect',
    ...props,
  });
  authorizer.enforce(stack, 'api', rules);
  return authorizer;
}

/** The same in a stack of its own, for what it can tell without a template. */
export function loneAuthorizerFunction(props?: Partial<AuthorizerFunctionProps>) {
  return addAuthorizerFunction(new Stack(), props);
}
