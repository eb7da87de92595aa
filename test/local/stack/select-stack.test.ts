import { selectStack } from '../../../local/stack/select-stack';

const stack = (hierarchicalId: string, ...types: string[]) => ({
  hierarchicalId,
  stackName: hierarchicalId.replace('/', '-'),
  template: { Resources: Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type }])) },
});
const REST = 'AWS::ApiGateway::RestApi';
const HTTP = 'AWS::ApiGatewayV2::Api';

test('the only stack of an app is served, also if its API is in a nested stack', () => {
  expect(selectStack([stack('A', 'AWS::CloudFormation::Stack')], undefined)).toMatchObject({
    stackName: 'A',
  });
});

test('the only stack with an API is served', () => {
  const stacks = [stack('Data', 'AWS::DynamoDB::Table'), stack('Api', HTTP), stack('Ui')];

  expect(selectStack(stacks, undefined).stackName).toBe('Api');
});

test('several stacks with an API are an error that names them and the option', () => {
  const stacks = [stack('Beta/Api', REST), stack('Prod/Api', REST), stack('Data')];

  expect(() => selectStack(stacks, undefined)).toThrow(
    'several stacks of the app have an API: choose one with --stack: Beta/Api (Beta-Api), Prod/Api (Prod-Api)',
  );
});

test.each(['Prod/Api', 'Prod-Api'])('the stack %s is selected by its id or name', (name) => {
  const stacks = [stack('Beta/Api', REST), stack('Prod/Api', REST)];

  expect(selectStack(stacks, name)).toBe(stacks[1]);
});

test('a name that no stack has is an error that names the stacks', () => {
  expect(() => selectStack([stack('Api', REST)], 'Apis')).toThrow(
    '--stack must name a stack of the app, got: Apis; stacks: Api',
  );
});

test('an app without a stack, and one without an API, are errors', () => {
  expect(() => selectStack([], undefined)).toThrow('the app has no stack');
  expect(() => selectStack([stack('A'), stack('B')], undefined)).toThrow(
    'no stack of the app has an API: A, B',
  );
});
