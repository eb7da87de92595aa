import {
  type App,
  CfnOutput,
  CustomResource,
  NestedStack,
  RemovalPolicy,
  SecretValue,
  Stack,
  type StackProps,
  Stage,
} from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  AwsIntegration,
  Cors,
  Deployment,
  HttpIntegration,
  LambdaIntegration,
  MockIntegration,
  RestApi,
  Stage as RestStage,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaIntegration,
  HttpUrlIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import {
  AuthorizerFunction,
  CredentialsSecret,
  HttpApiProtection,
  RestApiProtection,
  TokenCacheTable,
} from '../../lib';

/** Endpoints of the parties around the apps. */
export interface Parties {
  readonly introspectionEndpoint: string;
  readonly upstream: string;
}

type Build = (stack: Stack, parties: Parties) => void;

const authorizer = (scope: Construct, { introspectionEndpoint }: Parties, more = {}) =>
  new AuthorizerFunction(scope, 'Authorizer', {
    introspectionEndpoint,
    audience: ['orders-api'],
    ...more,
  });

/** Returns a function with inline code. Its response has the phantom token that it received. */
const handler = (scope: Construct, id = 'Handler', code = RESPOND, runtime = Runtime.NODEJS_24_X) =>
  new LambdaFunction(scope, id, { runtime, handler: 'index.handler', code: Code.fromInline(code) });

const RESPOND = `exports.handler = async ({ requestContext: { authorizer = {} } }) => ({
  statusCode: 200,
  body: authorizer.authorization ?? 'Bearer ' + authorizer.lambda?.jwt,
});`;

/** Protects a REST API whose `GET /orders` requires the scope `read`. */
function protectedRestApi(
  api: RestApi,
  authorizerFunction: AuthorizerFunction,
  { upstream }: Parties,
  target?: LambdaFunction,
): RestApiProtection {
  const protection = new RestApiProtection(api, 'Protection', {
    api,
    authorizerFunction,
    scopes: ['read'],
  });
  const integration = target
    ? new LambdaIntegration(target)
    : protection.httpIntegration(`${upstream}/orders`);
  api.root
    .addResource('orders')
    .addMethod('GET', integration, { authorizer: protection.authorizer() });
  return protection;
}

function protectedHttpApi(
  stack: Stack,
  parties: Parties,
  integration: (protection: HttpApiProtection) => HttpUrlIntegration | HttpLambdaIntegration,
): void {
  const api = new HttpApi(stack, 'Api');
  const authorizerFunction = authorizer(stack, parties);
  const scopes = ['read'];
  const protection = new HttpApiProtection(stack, 'Protection', {
    api,
    authorizerFunction,
    scopes,
  });
  api.addRoutes({
    path: '/orders',
    methods: [HttpMethod.GET],
    integration: integration(protection),
    authorizer: protection.authorizer(),
  });
}

/** Shapes of public CDK apps, each as one stack, by what is special about it. */
export const SHAPES: Readonly<Record<string, Build>> = {
  'resources that are not imitated': (stack, parties) => {
    const bucket = new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
    const queue = new Queue(stack, 'Queue');
    const topic = new Topic(stack, 'Topic');
    const origin = new HttpOrigin(bucket.bucketWebsiteDomainName);
    const site = new Distribution(stack, 'Site', { defaultBehavior: { origin } });
    new CustomResource(stack, 'Custom', { serviceToken: topic.topicArn });
    const target = handler(stack);
    target.addEnvironment('BUCKET', bucket.bucketArn).addEnvironment('QUEUE', queue.queueUrl);
    target.addEnvironment('SITE', site.distributionDomainName);
    bucket.grantRead(target);
    protectedRestApi(new RestApi(stack, 'Api'), authorizer(stack, parties), parties, target);
    new CfnOutput(stack, 'Site url', { value: site.distributionDomainName });
  },
  'a network of its own': (stack, parties) => {
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
    const target = handler(stack);
    target.addEnvironment('SUBNETS', vpc.privateSubnets.map(({ subnetId }) => subnetId).join());
    protectedRestApi(
      new RestApi(stack, 'Api'),
      authorizer(stack, parties, { vpc }),
      parties,
      target,
    );
  },
  'a provisioned table with an index and a stream': (stack, parties) => {
    const table = new Table(stack, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      readCapacity: 1,
      writeCapacity: 1,
    });
    table.addGlobalSecondaryIndex({
      indexName: 'owners',
      partitionKey: { name: 'owner', type: AttributeType.STRING },
    });
    const code = `const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
      exports.handler = async ({ requestContext: { authorizer } }) => {
        const Item = { id: { S: 'one' } };
        await new DynamoDBClient().send(new PutItemCommand({ TableName: process.env.TABLE, Item }));
        return { body: authorizer.authorization };
      };`;
    const target = handler(stack, 'Handler', code);
    table.grantReadWriteData(target.addEnvironment('TABLE', table.tableName));
    protectedRestApi(new RestApi(stack, 'Api'), authorizer(stack, parties), parties, target);
  },
  'functions that cannot run locally': (stack, parties) => {
    const python = handler(
      stack,
      'Python',
      'def handler(event, context): pass',
      Runtime.PYTHON_3_13,
    );
    const api = new RestApi(stack, 'Api');
    const protection = protectedRestApi(api, authorizer(stack, parties), parties);
    const options = { authorizer: protection.authorizer() };
    api.root.addResource('python').addMethod('GET', new LambdaIntegration(python), options);
  },
  'service integrations and other authorizers': (stack, parties) => {
    const api = new RestApi(stack, 'Api');
    protectedRestApi(api, authorizer(stack, parties), parties);
    const legacy = new TokenAuthorizer(stack, 'Legacy', {
      handler: handler(stack, 'LegacyHandler'),
    });
    const queues = new AwsIntegration({ service: 'sqs', path: 'queue' });
    api.root.addResource('queue').addMethod('POST', queues, { authorizer: legacy });
  },
  'a nested stack': (stack, parties) => {
    const nested = new NestedStack(stack, 'Nested');
    protectedRestApi(
      new RestApi(nested, 'Api'),
      authorizer(nested, parties),
      parties,
      handler(stack),
    );
  },
  'methods and the deployment in nested stacks': (stack, parties) => {
    const api = new RestApi(stack, 'Api', { deploy: false });
    api.root.addMethod('ANY');
    const methods = new NestedStack(stack, 'Methods');
    RestApi.fromRestApiAttributes(methods, 'Api', {
      restApiId: api.restApiId,
      rootResourceId: api.restApiRootResourceId,
    })
      .root.addResource('orders')
      .addMethod('GET', new LambdaIntegration(handler(methods)));
    const deployed = new NestedStack(stack, 'Deployed');
    const imported = RestApi.fromRestApiId(deployed, 'Api', api.restApiId);
    new RestStage(deployed, 'Stage', {
      deployment: new Deployment(deployed, 'Deployment', { api: imported }),
    });
    const authorizerFunction = authorizer(stack, parties);
    new RestApiProtection(stack, 'Protection', { api, authorizerFunction }).protectAll({
      scopes: ['read'],
    });
  },
  'several stages': (stack, parties) => {
    const api = new RestApi(stack, 'Api');
    protectedRestApi(api, authorizer(stack, parties), parties);
    const deployment = new Deployment(stack, 'Second', { api });
    new RestStage(stack, 'Beta', { deployment, stageName: 'beta' });
  },
  'an HTTP API in front of a function': (stack, parties) =>
    protectedHttpApi(stack, parties, () => new HttpLambdaIntegration('Orders', handler(stack))),
  'an HTTP API in front of a URL': (stack, parties) =>
    protectedHttpApi(
      stack,
      parties,
      (protection) =>
        new HttpUrlIntegration('Orders', `${parties.upstream}/orders`, {
          parameterMapping: protection.parameterMapping(),
        }),
    ),
  'an imported credentials secret and one of its own': (stack, parties) => {
    const credentials = Secret.fromSecretNameV2(stack, 'Imported', 'introspection-client');
    const database = new Secret(stack, 'Database', {
      secretStringValue: SecretValue.unsafePlainText('database password'),
    });
    const code = `const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');
      const client = new SecretsManagerClient();
      const read = async (SecretId) => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
      exports.handler = async ({ requestContext: { authorizer } }) => ({
        headers: { database: await read(process.env.DATABASE), partner: await read('partner-key') },
        body: authorizer.authorization,
      });`;
    const target = handler(stack, 'Handler', code);
    database.grantRead(target.addEnvironment('DATABASE', database.secretArn));
    const authorizerFunction = authorizer(stack, parties, { credentials });
    protectedRestApi(new RestApi(stack, 'Api'), authorizerFunction, parties, target);
  },
  'CORS, API keys and public routes': (stack, parties) => {
    const api = new RestApi(stack, 'Api', {
      apiKeySourceType: ApiKeySourceType.HEADER,
      defaultCorsPreflightOptions: { allowOrigins: Cors.ALL_ORIGINS },
    });
    const protection = protectedRestApi(api, authorizer(stack, parties), parties);
    const plan = api.addUsagePlan('Plan', { apiStages: [{ api, stage: api.deploymentStage }] });
    plan.addApiKey(api.addApiKey('Key', { value: 'a key of twenty characters' }));
    api.root.addMethod('GET', new HttpIntegration(parties.upstream), {
      authorizer: protection.publicAccess(),
    });
    const health = { requestTemplates: { 'application/json': '{"statusCode": 200}' } };
    api.root
      .addResource('health')
      .addMethod(
        'GET',
        new MockIntegration({ ...health, integrationResponses: [{ statusCode: '200' }] }),
        { authorizer: protection.publicAccess(), methodResponses: [{ statusCode: '200' }] },
      );
  },
};

/** Adds one stack for each shape, and shapes that need several stacks. Returns the ids of the stacks. */
export function addRealApps(app: App, parties: Parties): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const add = (scope: Construct, id: string, title: string, build: Build, props?: StackProps) => {
    const stack = new Stack(scope, id, props);
    build(stack, parties);
    ids.set(title, stack.node.path);
    return stack;
  };
  for (const [index, [title, build]] of Object.entries(SHAPES).entries()) {
    add(app, `Shape${index}`, title, build);
  }
  const plain: Build = (stack) =>
    protectedRestApi(new RestApi(stack, 'Api'), authorizer(stack, parties), parties);
  const env = { account: '123456789012', region: 'eu-west-1' };
  add(app, 'Environment', 'an account and a region', plain, { env });
  add(new Stage(app, 'Prod'), 'Orders', 'a stage of the CDK', plain);
  const data = new Stack(app, 'Data');
  const tokenCache = new TokenCacheTable(data, 'TokenCache');
  const credentials = new CredentialsSecret(data, 'Credentials');
  add(app, 'Consumer', 'table and secret in another stack', (stack) => {
    const authorizerFunction = authorizer(stack, parties, { tokenCache, credentials });
    protectedRestApi(new RestApi(stack, 'Api'), authorizerFunction, parties, handler(data));
  });
  return ids;
}
