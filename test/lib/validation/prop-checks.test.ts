import { Lazy, Stack } from 'aws-cdk-lib';
import {
  PhantomTokenHttpApi,
  PhantomTokenRestApi,
  PropError,
  UsageIdentifierClaim,
} from '../../../lib';
import { loneAuthorizerFunction } from '../../support/authorizer-function';
import { thrownBy } from '../../support/faults';
import { newFunction } from '../../support/protected-rest-api';
import { newStack } from '../../support/synthesize';

describe.each([PhantomTokenRestApi, PhantomTokenHttpApi])('upstream of %p', (Api) => {
  const withUpstream = (upstream: string) => () => {
    const stack = newStack();
    return new Api(stack, 'Api', { authorizerFunction: newFunction(stack), upstream });
  };

  it.each(['https://orders.example.com/v1/', 'http://127.0.0.1:8080'])(
    `accepts %s as upstream of ${Api.name}`,
    (url) => {
      expect(withUpstream(url)).not.toThrow();
    },
  );

  it(`accepts an upstream of ${Api.name} that is known only at deployment`, () => {
    expect(withUpstream(`https://${Lazy.string({ produce: () => 'a.example' })}/`)).not.toThrow();
  });

  it.each([
    ['http://orders.example.com', 'must be an https: URL'],
    ['orders.example.com', 'must be an https: URL'],
    ['https://orders.example.com?a=b', 'must not have a query or fragment'],
    ['https://a:b@orders.example.com', 'must not contain credentials'],
  ])(`rejects %s as upstream of ${Api.name}`, (url, rule) => {
    const error = thrownBy(withUpstream(url));

    expect(error).toBeInstanceOf(PropError);
    expect((error as Error).message.startsWith(`upstream ${rule}`)).toBe(true);
  });
});

describe('usagePlansByToken', () => {
  const withPlans =
    (usageIdentifierClaim: UsageIdentifierClaim | undefined, usagePlansByToken = true) =>
    () => {
      const authorizerFunction = loneAuthorizerFunction({ usageIdentifierClaim });
      return new PhantomTokenRestApi(Stack.of(authorizerFunction), 'Api', {
        authorizerFunction,
        upstream: 'https://orders.example.com',
        usagePlansByToken,
      });
    };

  it('rejects usagePlansByToken without a usageIdentifierClaim of the function', () => {
    expect(thrownBy(withPlans(undefined))).toEqual(
      new PropError(
        'usagePlansByToken must not be set if Stack/Authorizer has no usageIdentifierClaim, got: true',
      ),
    );
    expect(withPlans(UsageIdentifierClaim.SUB)).not.toThrow();
    expect(withPlans(undefined, false)).not.toThrow();
  });
});
