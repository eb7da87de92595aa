import { Stack } from 'aws-cdk-lib';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Node } from 'constructs';
import { RestApiProtection } from '../../../lib';
import { newFunction } from '../../support/protected-rest-api';
import { newApp } from '../../support/synthesize';

/** Returns how often synthesis reads the tree of an app with stacks that each protect an API. */
function walks(stacks: number): number {
  const app = newApp();
  for (let index = 0; index < stacks; index += 1) {
    const stack = new Stack(app, `Stack${index}`);
    const api = new RestApi(stack, 'Api');
    const authorizerFunction = newFunction(stack);
    const protection = new RestApiProtection(stack, 'Protection', { api, authorizerFunction });
    api.root.addMethod('GET', new MockIntegration(), { authorizer: protection.authorizer() });
  }
  const spy = jest.spyOn(Node.prototype, 'findAll');
  app.synth();
  const count = spy.mock.contexts.filter((node) => node === app.node).length;
  spy.mockRestore();
  return count;
}

it('synthesis reads the tree as often for many protected APIs as for one', () => {
  expect(walks(3)).toBe(walks(1));
});
