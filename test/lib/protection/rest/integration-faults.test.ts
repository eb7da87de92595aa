import { StepFunctionsIntegration } from 'aws-cdk-lib/aws-apigateway';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { integrationFaults } from '../../../../lib/protection/rest/integration-faults';
import { type Arrange, findings, protect } from '../../../support/protected-rest-api';

const PASSES_TEMPLATE = expect.stringContaining(
  "the request template of its integration can pass the client's Authorization header on",
);
const faultsOfTemplate = (template: unknown) =>
  integrationFaults({
    type: 'AWS',
    requestTemplates: { 'application/json': template as string },
  });

describe('a request template of a protected method', () => {
  it.each([
    "$input.params('Authorization')",
    '$input.params("authorization")',
    "$input.params().header.get('Authorization')",
    '$input.params().header.Authorization',
    '#set($all = $input.params())',
    '#foreach($name in $input.params().header.keySet())$name#end',
    '#foreach($name in $input.params().get("header").keySet())$name#end',
    '$input.params($name)',
    '$!input.params("Authorization")',
  ])(
    'a request template of a protected method is a finding where it can read the Authorization header: %s',
    (template) => {
      expect(faultsOfTemplate(template)).toEqual([PASSES_TEMPLATE]);
      expect(
        faultsOfTemplate({ 'Fn::Join': ['', ['{', { Ref: 'Queue' }, template, '}']] }),
      ).toEqual([PASSES_TEMPLATE]);
    },
  );

  it.each([
    'Action=SendMessage&MessageBody=$input.body',
    "$input.params('id')",
    "$input.params().header.get('X-Request-Id')",
    "$input.params().path.get('id') $input.params().querystring.page",
    '{"caller":"$context.authorizer.sub","body":$input.json(\'$\')}',
  ])(
    'a request template of a protected method passes where it reads other data: %s',
    (template) => {
      expect(faultsOfTemplate(template)).toEqual([]);
    },
  );
});

it('mapping the Authorization header to another target is a finding, for every kind of integration', () => {
  const target = 'integration.request.querystring.token';
  const requestParameters = { [target]: 'method.request.header.authorization' };

  expect(integrationFaults({ type: 'AWS', requestParameters })).toEqual([
    `its integration passes the client's Authorization header on as ${target}: remove the mapping`,
  ]);
  expect(integrationFaults({ type: 'HTTP_PROXY', requestParameters })).toHaveLength(2);
  expect(
    integrationFaults({
      type: 'AWS',
      requestParameters: { [target]: 'context.authorizer.sub' },
    }),
  ).toEqual([]);
});

it('startExecution with headers fails synthesis, without them it passes', () => {
  const execution =
    (headers: boolean): Arrange =>
    ({ stack, api, protection }) => {
      const arn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:orders';
      const machine = StateMachine.fromStateMachineArn(stack, 'Machine', arn);
      const integration = StepFunctionsIntegration.startExecution(machine, {
        headers,
        authorizer: true,
      });
      api.root.addMethod('POST', integration, { authorizer: protection.authorizer() });
    };

  expect(findings(execution(true))).toEqual([PASSES_TEMPLATE]);
  expect(() => protect(execution(false))).not.toThrow();
});
