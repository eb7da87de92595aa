import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { RestApi, type RestApiProps } from 'aws-cdk-lib/aws-apigateway';
import { AuthorizerFunction, RestApiProtection, type RestApiProtectionProps } from '../../lib';
import { thrownBy } from './faults';
import { synthesizeConstructs } from './synthesize';

export type Arrange = (parts: {
  readonly stack: Stack;
  readonly api: RestApi;
  readonly authorizerFunction: AuthorizerFunction;
  readonly protection: RestApiProtection;
}) => void;

export function newFunction(stack: Stack, id = 'Authorizer'): AuthorizerFunction {
  return new AuthorizerFunction(stack, id, {
    introspectionEndpoint: 'https://login.example.com/introspect',
    audience: ['orders'],
  });
}

/** Returns the template of an existing REST API with a protection. */
export function protect(
  declare: Arrange,
  props: Partial<RestApiProtectionProps> = {},
  apiProps: RestApiProps = {},
): Template {
  return synthesizeConstructs((stack) => {
    const api = new RestApi(stack, 'Orders', apiProps);
    const authorizerFunction = newFunction(stack);
    const protection = new RestApiProtection(stack, 'Protection', {
      api,
      authorizerFunction,
      ...props,
    });
    declare({ stack, api, authorizerFunction, protection });
  });
}

/** Returns the findings of synthesis, line by line. */
export function findings(...args: Parameters<typeof protect>): string[] {
  return linesOf(() => protect(...args));
}
export function linesOf(synthesis: () => Template): string[] {
  const [, ...lines] = String(thrownBy(synthesis)).split('\n');
  return lines.map((line) => line.trim());
}
