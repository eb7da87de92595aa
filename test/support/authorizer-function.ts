import type { Stack } from 'aws-cdk-lib';
import { AuthorizerFunction, type AuthorizerFunctionProps } from '../../lib';
import type { ScopeRulesProvider } from '../../lib/authorizer/protected-apis';
import { newStack } from './synthesize';

/** Adds an authorizer function that protects an API, with the given and the required props. */
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

/** Returns an authorizer function in its own stack, for tests without a template. */
export function loneAuthorizerFunction(props?: Partial<AuthorizerFunctionProps>) {
  return addAuthorizerFunction(newStack(), props);
}
