import { Aspects, NestedStack } from 'aws-cdk-lib';
import {
  CfnDeployment,
  Deployment,
  GatewayResponse,
  MockIntegration,
  ResponseType,
  RestApi,
  Stage,
} from 'aws-cdk-lib/aws-apigateway';
import { RestApiProtection } from '../../../../lib';
import { type Arrange, findings, newFunction, protect } from '../../../support/protected-rest-api';
import { dependenciesOf, type UpdatableTemplate } from '../../../support/stack-update';
import { synthesizeConstructs } from '../../../support/synthesize';

const DEPLOYMENT = 'AWS::ApiGateway::Deployment';

/** Declares a method and a deployment of the app. */
const own =
  (scopes: string[], kind: typeof Deployment | typeof CfnDeployment = Deployment): Arrange =>
  ({ stack, api, protection }) => {
    const authorizer = protection.authorizer({ scopes });
    api.root.addMethod('GET', new MockIntegration(), { authorizer });
    if (kind === Deployment) {
      const deployment = new Deployment(stack, 'Own', { api });
      for (const stageName of ['test', 'prod'])
        new Stage(stack, stageName, { deployment, stageName });
    } else {
      new CfnDeployment(stack, 'Own', { restApiId: api.restApiId, stageName: 'prod' });
    }
  };
const synthesize = (declare: Arrange, realm?: string) =>
  protect(declare, realm === undefined ? {} : { realm }, { deploy: false });
const idOf = (template: ReturnType<typeof protect>) =>
  Object.keys(template.findResources(DEPLOYMENT));

it.each([
  ['Deployment', Deployment],
  ['CfnDeployment', CfnDeployment],
])('a %s of the app waits for methods, authorizers and gateway responses', (_, kind) => {
  const template = synthesize(own(['read'], kind));
  const { Resources } = template.toJSON() as UpdatableTemplate;
  const [deployment = ''] = idOf(template);
  const expected = [
    'AWS::ApiGateway::Method',
    'AWS::ApiGateway::Authorizer',
    'AWS::ApiGateway::GatewayResponse',
    'AWS::Lambda::Permission',
  ].flatMap((type) => Object.keys(template.findResources(type)));

  expect([...dependenciesOf(Resources, deployment)]).toEqual(expect.arrayContaining(expected));
});

it.each([
  ['Deployment', Deployment],
  ['CfnDeployment', CfnDeployment],
])('a %s of the app is replaced when a rule or a gateway response changes', (_, kind) => {
  const former = idOf(synthesize(own(['read'], kind)));

  expect(idOf(synthesize(own(['read'], kind)))).toEqual(former);
  expect(idOf(synthesize(own(['write'], kind)))).not.toEqual(former);
  expect(idOf(synthesize(own(['read'], kind), 'other'))).not.toEqual(former);
});

it('a deployment in a nested stack is replaced when a rule or a response of the app changes', () => {
  const deploymentOf = (scope: string, header = "'a'") => {
    let nested: CfnDeployment | undefined;
    synthesizeConstructs((stack) => {
      const api = new RestApi(stack, 'Api', { deploy: false });
      const authorizerFunction = newFunction(stack);
      const protection = new RestApiProtection(stack, 'Protection', { api, authorizerFunction });
      const authorizer = protection.authorizer({ scopes: [scope] });
      api.root.addMethod('GET', new MockIntegration(), { authorizer });
      new GatewayResponse(stack, 'Throttled', {
        restApi: api,
        type: ResponseType.THROTTLED,
        responseHeaders: { 'X-Custom': header },
      });
      const deployment = new Deployment(new NestedStack(stack, 'Deploy'), 'Own', { api });
      nested = deployment.node.defaultChild as CfnDeployment;
    });
    return nested?.stack.resolve(nested.logicalId);
  };

  const former = deploymentOf('read');

  expect(deploymentOf('read')).toBe(former);
  expect(deploymentOf('write')).not.toBe(former);
  expect(deploymentOf('read', "'b'")).not.toBe(former);
});

it('a deployment that an aspect declares too late is a finding', () => {
  const lines = findings(
    (parts) => {
      own(['read'])(parts);
      const { stack, api } = parts;
      const visit = () => {
        if (stack.node.tryFindChild('Late') === undefined) new Deployment(stack, 'Late', { api });
      };
      Aspects.of(stack.node.findChild('prod')).add({ visit });
    },
    {},
    { deploy: false },
  );

  expect(lines).toEqual([
    '[Stack/Protection] Stack/Late/Resource: was declared by an aspect after the protection had prepared the deployments: declare it before synthesis',
  ]);
});
