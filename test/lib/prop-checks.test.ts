import { Lazy, Stack } from 'aws-cdk-lib';
import { PhantomTokenHttpApi, PhantomTokenRestApi, PropError } from '../../lib';
import { thrownBy } from '../support/faults';
import { newFunction } from '../support/protected-rest-api';

describe.each([PhantomTokenRestApi, PhantomTokenHttpApi])('the upstream of a %p', (Api) => {
  const withUpstream = (upstream: string) => () => {
    const stack = new Stack();
    return new Api(stack, 'Api', { authorizerFunction: newFunction(stack), upstream });
  };

  it.each(['https://orders.example.com/v1/', 'http://127.0.0.1:8080'])('may be %s', (url) => {
    expect(withUpstream(url)).not.toThrow();
  });

  it('may be known at the deployment only', () => {
    expect(withUpstream(`https://${Lazy.string({ produce: () => 'a.example' })}/`)).not.toThrow();
  });

  it.each([
    ['http://orders.example.com', 'must be an https: URL'],
    ['orders.example.com', 'must be an https: URL'],
    ['https://orders.example.com?a=b', 'must not have a query or fragment'],
    ['https://a:b@orders.example.com', 'must not contain credentials'],
  ])('cannot be %s', (url, rule) => {
    const error = thrownBy(withUpstream(url));

    expect(error).toBeInstanceOf(PropError);
    expect((error as Error).message.startsWith(`upstream ${rule}`)).toBe(true);
  });
});
