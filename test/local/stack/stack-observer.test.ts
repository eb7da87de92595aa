import type { ObservedInvocation } from '../../../local/lambda/environment-pool';
import { isolatedObserver, type ServedExchange } from '../../../local/stack/stack-observer';

test('an error of an observer is logged by its name and not thrown', () => {
  const lines: string[] = [];
  const fail = () => {
    throw new RangeError('with the token abc');
  };
  const observer = isolatedObserver(
    { onAwsCall: fail, onInvocation: fail, onExchange: fail },
    (line) => lines.push(line),
  );

  observer.onInvocation({} as ObservedInvocation);
  observer.onExchange({} as ServedExchange);

  expect(lines).toEqual(Array(2).fill('the inspector could not show a request: RangeError'));
});
