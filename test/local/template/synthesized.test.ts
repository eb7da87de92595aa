import { App, Stack } from 'aws-cdk-lib';
import {
  HttpIntegration,
  IdentitySource,
  RequestAuthorizer,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { GATEWAY_RESOURCE_TYPES } from '../../../local/gateway/definition/resource-schemas';
import { readRestApi } from '../../../local/gateway/definition/rest/rest-api';
import { type ResolvedResource, resolveTemplate } from '../../../local/template/resolve';
import { rejectUnsupportedTypes } from '../../../local/template/supported-resources';

const SUPPORTED_TYPES = [
  ...GATEWAY_RESOURCE_TYPES,
  'AWS::Lambda::Function',
  'AWS::DynamoDB::GlobalTable',
  'AWS::SecretsManager::Secret',
];

function synthesize() {
  const app = new App({ analyticsReporting: true });
  const stack = new Stack(app, 'Stack', { env: { region: 'us-east-1' } });
  const handler = new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {}'),
  });
  const table = new TableV2(stack, 'Table', {
    partitionKey: { name: 'key', type: AttributeType.STRING },
  });
  const secret = new Secret(stack, 'Secret');
  table.grantReadData(handler);
  secret.grantRead(handler);
  handler.addEnvironment('SECRET', secret.secretArn).addEnvironment('TABLE', table.tableName);
  const authorizer = new RequestAuthorizer(stack, 'Authorizer', {
    handler,
    identitySources: [IdentitySource.header('Authorization')],
  });
  const api = new RestApi(stack, 'Api', { cloudWatchRole: true });
  api.root.addMethod('ANY', new HttpIntegration('http://127.0.0.1:1/'), { authorizer });
  return resolveTemplate(app.synth().getStackByName('Stack').template, { stackName: 'Stack' });
}

describe('a template that CDK synthesized', () => {
  const template = synthesize();

  it('references of a synthesized template resolve to the same ids', () => {
    const [handler] = template.ofType('AWS::Lambda::Function');
    const [secret] = template.ofType('AWS::SecretsManager::Secret');
    const [table] = template.ofType('AWS::DynamoDB::GlobalTable');
    expect(handler?.properties).toMatchObject({
      Environment: { Variables: { SECRET: secret?.ref, TABLE: table?.ref } },
    });
    expect(JSON.stringify(template)).not.toMatch(/Fn::|"Ref"/);
  });

  it('reads a synthesized REST API whose authorizer can be invoked', () => {
    const [api] = template.ofType('AWS::ApiGateway::RestApi');
    const { root } = readRestApi(template, api as ResolvedResource);
    const [handler] = template.ofType('AWS::Lambda::Function');
    expect(root.methods.get('ANY')?.authorizer).toMatchObject({
      invocationAllowed: true,
      functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${handler?.ref}`,
      resultTtlSeconds: 300,
    });
  });

  it('accepts a template with supported and ignored types only', () => {
    expect(() => rejectUnsupportedTypes(template, SUPPORTED_TYPES)).not.toThrow();
  });

  it('names each resource of an unsupported type', () => {
    const [table] = template.ofType('AWS::DynamoDB::GlobalTable');
    const others = SUPPORTED_TYPES.filter((type) => type !== table?.type);
    expect(() => rejectUnsupportedTypes(template, others)).toThrow(
      `not supported in local mode: ${table?.logicalId} (AWS::DynamoDB::GlobalTable)`,
    );
  });
});
