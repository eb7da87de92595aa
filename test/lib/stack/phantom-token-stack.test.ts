import { Match } from 'aws-cdk-lib/assertions';
import { allowedBy, methodsOf, only, scopeRulesOf, synthesize } from '../../support/synthesize';

const { template, warnings } = synthesize();
const FUNCTION = 'AWS::Lambda::Function';
const AUTHORIZER = 'AWS::ApiGateway::Authorizer';
const SECRET = 'AWS::SecretsManager::Secret';
const TABLE = 'AWS::DynamoDB::Table';
const LOGS = 'AWS::Logs::LogGroup';

/** The log group of the function. */
const functionLogs = () => {
  const { LogGroup } = only(template, FUNCTION)[1]['LoggingConfig'] as {
    LogGroup: { Ref: string };
  };
  return LogGroup;
};
const environmentOf = (of: typeof template) =>
  (only(of, FUNCTION)[1]['Environment'] as { Variables: Record<string, unknown> }).Variables;

describe('the stack of a minimal config', () => {
  it('a minimal stack has these resources and no others', () => {
    const counts: Record<string, number> = {};
    for (const { Type } of Object.values<{ Type: string }>(template.toJSON()['Resources'])) {
      counts[Type] = (counts[Type] ?? 0) + 1;
    }

    expect(counts).toEqual({
      [FUNCTION]: 1,
      'AWS::Lambda::Permission': 1,
      'AWS::Lambda::Version': 1,
      [SECRET]: 1,
      [TABLE]: 1,
      [LOGS]: 2,
      'AWS::IAM::Role': 2,
      'AWS::IAM::Policy': 1,
      [AUTHORIZER]: 1,
      'AWS::ApiGateway::RestApi': 1,
      'AWS::ApiGateway::Account': 1,
      'AWS::ApiGateway::Deployment': 1,
      'AWS::ApiGateway::Stage': 1,
      'AWS::ApiGateway::Resource': 1,
      'AWS::ApiGateway::Method': 2,
      'AWS::ApiGateway::GatewayResponse': 4,
    });
  });

  describe('the function', () => {
    it('the function of a minimal stack runs the bundle on arm64 with traces and its own log group', () => {
      template.hasResourceProperties(FUNCTION, {
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'main.handler',
        Timeout: 13,
        MemorySize: 512,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('Logs') } },
      });
    });

    it('the function of a minimal stack has these environment variables', () => {
      const [secret] = only(template, SECRET);
      const [table] = only(template, TABLE);
      const [api] = only(template, 'AWS::ApiGateway::RestApi');

      expect(environmentOf(template)).toEqual({
        POWERTOOLS_SERVICE_NAME: 'phantom-token-authorizer',
        INTROSPECTION_ENDPOINT: 'https://login.example.com/introspect',
        INTROSPECTION_TIMEOUT_SECONDS: '3',
        INTROSPECTION_ACCEPT: 'application/jwt',
        INTROSPECTION_PARAMETERS: '{}',
        INTROSPECTION_CLIENT_AUTHENTICATION: '{"method":"client_secret_basic","encoding":"form"}',
        INTROSPECTION_CREDENTIALS_SECRET_ARN: { Ref: secret },
        TOKEN_NOT_BEFORE_TOLERANCE_SECONDS: '60',
        TOKEN_CACHE_TABLE: { Ref: table },
        CACHE_MAX_TTL_SECONDS: '300',
        CACHE_INACTIVE_TTL_SECONDS: '10',
        CACHE_CONTROL: 'respect',
        CACHE_TIMEOUT_MILLISECONDS: '50',
        CACHE_COALESCE_INTROSPECTIONS: 'true',
        LOG_IDENTITIES: 'true',
        SCOPE_RULES: { 'Fn::Join': ['', ['{"', { Ref: api }, '":[[[[]],["*"]]]}']] },
      });
    });

    it('the function of a minimal stack has exactly these permissions, on exactly these resources', () => {
      const [secret] = only(template, SECRET);
      const [table] = only(template, TABLE);
      const { Ref: logs } = functionLogs();
      const [, role] = only(template, 'AWS::IAM::Role', {
        AssumeRolePolicyDocument: {
          Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }],
        },
      });

      expect(role).not.toHaveProperty('ManagedPolicyArns');
      expect(role).not.toHaveProperty('Policies');
      expect(allowedBy(template)).toEqual([
        `Allow dynamodb:GetItem on {"Fn::GetAtt":["${table}","Arn"]}`,
        `Allow dynamodb:UpdateItem on {"Fn::GetAtt":["${table}","Arn"]}`,
        `Allow logs:CreateLogStream on {"Fn::GetAtt":["${logs}","Arn"]}`,
        `Allow logs:PutLogEvents on {"Fn::GetAtt":["${logs}","Arn"]}`,
        `Allow secretsmanager:GetSecretValue on {"Ref":"${secret}"}`,
        'Allow xray:PutTelemetryRecords on "*"',
        'Allow xray:PutTraceSegments on "*"',
      ]);
    });

    it('the function of a minimal stack can be called by authorizers of this API alone', () => {
      const [api] = only(template, 'AWS::ApiGateway::RestApi');
      const [version] = only(template, 'AWS::Lambda::Version');

      template.hasResourceProperties('AWS::Lambda::Permission', {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: version },
        Principal: 'apigateway.amazonaws.com',
        SourceArn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: api }, '/authorizers/*'])] },
      });
    });
  });

  it('a minimal stack has a token cache on demand, with TTL and without backups', () => {
    template.hasResource(TABLE, {
      DeletionPolicy: 'Delete',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      },
    });
  });

  it('a minimal stack has a secret whose value is not in the template, and which outlives the stack', () => {
    template.hasResource(SECRET, {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { SecretString: Match.absent(), GenerateSecretString: {} },
    });
  });

  it('a minimal stack keeps every log for a month', () => {
    for (const { Properties } of Object.values(template.findResources(LOGS))) {
      expect(Properties).toEqual({ RetentionInDays: 30 });
    }
  });

  describe('the stage', () => {
    it('the stage of a minimal stack writes access logs to a group of its own and traces', () => {
      const [, stage] = only(template, 'AWS::ApiGateway::Stage');
      const destination = JSON.stringify(stage['AccessLogSetting']);
      const groups = Object.keys(template.findResources(LOGS));

      expect(stage).toMatchObject({ TracingEnabled: true });
      expect(groups.filter((id) => destination.includes(`"${id}"`))).toEqual(
        groups.filter((id) => id !== functionLogs().Ref),
      );
    });

    it('the access log of a REST API has caller, request and result, and nothing of the token', () => {
      const [, stage] = only(template, 'AWS::ApiGateway::Stage');
      const { Format } = stage['AccessLogSetting'] as { Format: string };
      const fields = Object.values<string>(JSON.parse(Format));

      expect(fields).toEqual(
        expect.arrayContaining([
          '$context.requestId',
          '$context.status',
          '$context.authorizer.sub',
          '$context.authorizer.client_id',
          '$context.authorizer.error',
        ]),
      );
      expect(fields.every((field) => field.startsWith('$context.'))).toBe(true);
      expect(Format).not.toMatch(/authorization/i);
      expect(Format).not.toContain('$context.authorizer.scope');
    });

    it.each(['REST', 'HTTP'])(
      'the access log of a %s API leaves out the caller if identities are not wanted',
      (type) => {
        const silent = synthesize({ api: { type }, operations: { logIdentities: false } }).template;

        expect(JSON.stringify(silent.toJSON())).not.toMatch(/context.authorizer.(sub|client_id)/);
        expect(environmentOf(silent)).toMatchObject({ LOG_IDENTITIES: 'false' });
      },
    );

    it('the account of a minimal stack has a role to write logs, which is retained', () => {
      template.hasResource('AWS::ApiGateway::Account', {
        DeletionPolicy: 'Retain',
        Properties: { CloudWatchRoleArn: Match.anyValue() },
      });
    });
  });

  describe('the authorizer', () => {
    it('the authorizer of a minimal stack reads the Authorization header, and its results live a minute', () => {
      template.hasResourceProperties(AUTHORIZER, {
        Type: 'REQUEST',
        IdentitySource: 'method.request.header.Authorization',
        AuthorizerResultTtlInSeconds: 60,
      });
    });

    it('a minimal stack protects every method and path, which go to the upstream with the phantom token', () => {
      const [authorizer] = only(template, AUTHORIZER);
      const methods = methodsOf(template);

      expect([...methods.keys()].sort()).toEqual(['ANY /', 'ANY /{proxy+}']);
      for (const { properties } of methods.values()) {
        expect(properties).toMatchObject({
          AuthorizationType: 'CUSTOM',
          AuthorizerId: { Ref: authorizer },
          Integration: { Type: 'HTTP_PROXY', IntegrationHttpMethod: 'ANY' },
        });
      }
      expect(methods.get('ANY /')?.properties.Integration).toMatchObject({
        Uri: 'https://orders.internal.example.com/',
        RequestParameters: {
          'integration.request.header.Authorization': 'context.authorizer.authorization',
        },
      });
      expect(methods.get('ANY /{proxy+}')?.properties).toMatchObject({
        RequestParameters: { 'method.request.path.proxy': true },
        Integration: {
          Uri: 'https://orders.internal.example.com/{proxy}',
          RequestParameters: {
            'integration.request.header.Authorization': 'context.authorizer.authorization',
            'integration.request.path.proxy': 'method.request.path.proxy',
          },
        },
      });
    });
  });

  it('a minimal stack has these outputs', () => {
    const [secret] = only(template, SECRET);
    const [table] = only(template, TABLE);
    const [authorizerFunction] = only(template, FUNCTION);
    const outputs = template.toJSON()['Outputs'];

    expect(Object.keys(outputs).sort()).toEqual([
      'ApiUrl',
      'AuthorizerFunctionName',
      'CredentialsSecretArn',
      'StageArn',
      'TokenCacheTableName',
    ]);
    expect(JSON.stringify(outputs.ApiUrl.Value)).toContain('execute-api');
    expect(JSON.stringify(outputs.StageArn.Value)).toMatch(/apigateway.*\/restapis\/.*\/stages\//);
    expect(outputs.CredentialsSecretArn.Value).toEqual({ Ref: secret });
    expect(outputs.TokenCacheTableName.Value).toEqual({ Ref: table });
    expect(outputs.AuthorizerFunctionName.Value).toEqual({ Ref: authorizerFunction });
  });

  it('a minimal stack has a warning that no audience is checked', () => {
    expect(warnings).toContainEqual(expect.stringContaining('token.audience is not set'));
  });
});

describe('the stack of a full config', () => {
  const full = synthesize({
    introspection: { timeoutSeconds: 2.5 },
    token: {
      issuer: 'https://login.example.com/~',
      audience: ['api.example.com', 'orders'],
      notBeforeToleranceSeconds: 2.5,
    },
    cache: {
      maxTtlSeconds: 120,
      inactiveTtlSeconds: 0,
      authorizerResultTtlSeconds: 0,
      cacheControl: 'ignore',
      timeoutMilliseconds: 20,
      coalesceIntrospections: false,
      warmThroughput: { readUnitsPerSecond: 20_000, writeUnitsPerSecond: 8000 },
    },
    api: { scopes: ['read'], upstream: 'https://orders.internal.example.com/v1/' },
  });

  it('a full stack passes its whole config to the function', () => {
    expect(environmentOf(full.template)).toMatchObject({
      INTROSPECTION_TIMEOUT_SECONDS: '2.5',
      TOKEN_ISSUER: 'https://login.example.com/~',
      TOKEN_AUDIENCE: '["api.example.com","orders"]',
      TOKEN_NOT_BEFORE_TOLERANCE_SECONDS: '2.5',
      CACHE_MAX_TTL_SECONDS: '120',
      CACHE_INACTIVE_TTL_SECONDS: '0',
      CACHE_CONTROL: 'ignore',
      CACHE_TIMEOUT_MILLISECONDS: '20',
      CACHE_COALESCE_INTROSPECTIONS: 'false',
    });
    const [api] = only(full.template, 'AWS::ApiGateway::RestApi');
    expect(scopeRulesOf(full.template)).toEqual({
      [api]: { uncached: true, rules: [[[['read']], ['*']]] },
    });
  });

  it('a full stack warms the table of the token cache up', () => {
    full.template.hasResourceProperties(TABLE, {
      WarmThroughput: { ReadUnitsPerSecond: 20_000, WriteUnitsPerSecond: 8000 },
    });
  });

  it('a full stack turns the result cache off', () => {
    full.template.hasResourceProperties(AUTHORIZER, { AuthorizerResultTtlInSeconds: 0 });
  });

  it('the function of a full stack has a timeout of whole seconds above that of the introspection', () => {
    full.template.hasResourceProperties(FUNCTION, { Timeout: 13 });
  });

  it('a full stack keeps the path of the upstream, with single slashes', () => {
    const uris = [...methodsOf(full.template).values()].map(
      (it) => it.properties.Integration['Uri'],
    );

    expect(uris.sort()).toEqual([
      'https://orders.internal.example.com/v1/',
      'https://orders.internal.example.com/v1/{proxy}',
    ]);
  });

  it('a full stack has no warning', () => {
    expect(full.warnings.join()).not.toContain('token.audience');
  });
});

describe('the stack with a secret that is there already', () => {
  const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:introspection-AbCdEf';
  const imported = synthesize({ introspection: { credentialsSecretArn: arn } });

  it('a stack with an existing secret creates none and reads that one', () => {
    imported.template.resourceCountIs(SECRET, 0);
    expect(environmentOf(imported.template)).toMatchObject({
      INTROSPECTION_CREDENTIALS_SECRET_ARN: arn,
    });
    imported.template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: arn },
        ]),
      },
    });
    imported.template.hasOutput('CredentialsSecretArn', { Value: arn });
  });
});

describe('the stack of configured routes', () => {
  it('a stack has the configured routes, and public ones have neither authorizer nor phantom token', () => {
    const { template: routed } = synthesize({
      api: {
        routes: [
          { method: 'GET', path: '/orders/{id}' },
          { method: 'ANY', path: '/orders/{id}/files/{proxy+}' },
          { method: 'GET', path: '/health', public: true },
        ],
      },
    });
    const methods = methodsOf(routed);

    expect([...methods.keys()].sort()).toEqual([
      'ANY /orders/{id}/files/{proxy+}',
      'GET /health',
      'GET /orders/{id}',
    ]);
    expect(methods.get('ANY /orders/{id}/files/{proxy+}')?.properties).toMatchObject({
      AuthorizationType: 'CUSTOM',
      RequestParameters: { 'method.request.path.id': true, 'method.request.path.proxy': true },
      Integration: {
        Uri: 'https://orders.internal.example.com/orders/{id}/files/{proxy}',
        IntegrationHttpMethod: 'ANY',
        RequestParameters: {
          'integration.request.header.Authorization': 'context.authorizer.authorization',
          'integration.request.path.id': 'method.request.path.id',
          'integration.request.path.proxy': 'method.request.path.proxy',
        },
      },
    });
    expect(methods.get('GET /orders/{id}')?.properties).toMatchObject({
      AuthorizationType: 'CUSTOM',
      Integration: { IntegrationHttpMethod: 'GET' },
    });
    const health = methods.get('GET /health')?.properties;
    expect(health).toMatchObject({ AuthorizationType: 'NONE' });
    expect(health).not.toHaveProperty('AuthorizerId');
    expect(JSON.stringify(health)).not.toContain('context.authorizer');
  });

  it('all routes share results if all require the same', () => {
    const { template: alike } = synthesize({
      api: {
        scopes: ['read'],
        routes: [
          { method: 'GET', path: '/orders', scopes: ['orders', 'list'] },
          { method: 'GET', path: '/items', scopes: ['list', 'orders'] },
          { method: 'GET', path: '/health', public: true },
        ],
      },
    });

    alike.hasResourceProperties(AUTHORIZER, {
      IdentitySource: 'method.request.header.Authorization',
    });
    expect(Object.values(scopeRulesOf(alike))).toEqual([[[[['read', 'orders', 'list']], ['*']]]]);
  });

  it('each requirement has an authorizer if routes require different scopes', () => {
    const { template: differing } = synthesize({
      api: {
        scopes: ['read'],
        routes: [
          { method: 'GET', path: '/orders/{id}', scopes: ['orders'] },
          { method: 'ANY', path: '/orders/{id}' },
        ],
      },
    });

    differing.resourceCountIs(AUTHORIZER, 2);
    differing.allResourcesProperties(AUTHORIZER, {
      IdentitySource: 'method.request.header.Authorization',
    });
    expect(Object.values(scopeRulesOf(differing))).toEqual([
      [
        [[['read', 'orders']], ['GET /orders/{id}']],
        [[['read']], ['ANY /orders/{id}']],
      ],
    ]);
  });
});

describe('preflight requests', () => {
  it('preflight requests go to the upstream like any other without CORS', () => {
    const routes = [...methodsOf(template).keys()];

    expect(routes.filter((route) => route.startsWith('OPTIONS'))).toEqual([]);
  });

  it('preflight requests reach neither authorizer nor upstream with CORS', () => {
    const { template: cors } = synthesize({
      api: { cors: { allowOrigins: ['https://app.example.com'] } },
    });
    const methods = methodsOf(cors);

    for (const route of ['OPTIONS /', 'OPTIONS /{proxy+}']) {
      expect(methods.get(route)?.properties).toMatchObject({ AuthorizationType: 'NONE' });
      expect(preflightHeaders(cors, route)).toMatchObject({
        type: 'MOCK',
        headers: {
          'method.response.header.Access-Control-Allow-Origin': "'https://app.example.com'",
          'method.response.header.Access-Control-Allow-Headers': "'*,Authorization'",
          'method.response.header.Access-Control-Max-Age': "'3600'",
        },
      });
    }
    expect(methods.get('ANY /')?.properties).toMatchObject({ AuthorizationType: 'CUSTOM' });
  });

  it('preflight requests have a method on every configured path with CORS', () => {
    const { template: cors } = synthesize({
      api: {
        cors: { allowOrigins: ['*'] },
        routes: [{ method: 'GET', path: '/orders/{id}' }],
      },
    });

    expect([...methodsOf(cors).keys()].sort()).toEqual([
      'GET /orders/{id}',
      'OPTIONS /',
      'OPTIONS /orders',
      'OPTIONS /orders/{id}',
    ]);
  });
});

/** The headers of the answer to a preflight request. */
function preflightHeaders(of: typeof template, route: string) {
  const integration = methodsOf(of).get(route)?.properties.Integration as {
    readonly Type: string;
    readonly IntegrationResponses: readonly { readonly ResponseParameters: object }[];
    readonly RequestTemplates: object;
  };
  const [response] = integration.IntegrationResponses;
  return { type: integration.Type, headers: response?.ResponseParameters };
}
