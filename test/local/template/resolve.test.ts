import { identityOf } from '../../../local/template/identity';
import { resolveTemplate } from '../../../local/template/resolve';

type Resources = Record<string, object>;

function resolve(Resources: Resources, more: object = {}) {
  return resolveTemplate({ Resources, ...more }, { stackName: 'Stack' });
}

/** Resolves an expression in a template with a function, a table and an API. */
function value(expression: unknown, more: object = {}) {
  const resources = {
    Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'fn' } },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'cache' } },
    Api: { Type: 'AWS::ApiGateway::RestApi' },
    Subject: { Type: 'Test::Subject', Properties: { value: expression } },
  };
  return (resolve(resources, more).get('Subject').properties as { value?: unknown }).value;
}

describe('an intrinsic function', () => {
  it.each([
    ['Ref to a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Ref to the account', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['Ref to the stack', { Ref: 'AWS::StackName' }, 'Stack'],
    ['Ref to a named resource', { Ref: 'Table' }, 'cache'],
    [
      'Fn::GetAtt',
      { 'Fn::GetAtt': ['Function', 'Arn'] },
      'arn:aws:lambda:us-east-1:000000000000:function:fn',
    ],
    [
      'Fn::GetAtt in its dotted form',
      { 'Fn::GetAtt': 'Table.Arn' },
      'arn:aws:dynamodb:us-east-1:000000000000:table/cache',
    ],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Table' }, 1]] }, 'a-cache-1'],
    ['Fn::Split', { 'Fn::Split': [':', 'a:b:c'] }, ['a', 'b', 'c']],
    ['Fn::Select', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b'] }] }, 'b'],
    [
      'Fn::Sub',
      { 'Fn::Sub': '$' + '{AWS::Partition}/$' + '{Table}/$' + '{Table.Arn}/$' + '{!Kept}' },
      'aws/cache/arn:aws:dynamodb:us-east-1:000000000000:table/cache/$' + '{Kept}',
    ],
    [
      'Fn::Sub with variables of its own',
      { 'Fn::Sub': ['$' + '{Mine}-$' + '{Table}', { Mine: { Ref: 'AWS::Region' } }] },
      'us-east-1-cache',
    ],
    ['Fn::Base64', { 'Fn::Base64': 'a' }, 'YQ=='],
    ['Fn::GetAZs', { 'Fn::GetAZs': '' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
    ['a list with AWS::NoValue', ['a', { Ref: 'AWS::NoValue' }], ['a']],
    ['an object with AWS::NoValue', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    [
      'the Condition member of an IAM statement',
      { Condition: { StringEquals: { a: { Ref: 'Table' } } } },
      { Condition: { StringEquals: { a: 'cache' } } },
    ],
  ])('resolves %s', (_, expression, resolved) => {
    expect(value(expression)).toEqual(resolved);
  });

  it('resolves Ref to a parameter that has a default', () => {
    const Parameters = { BootstrapVersion: { Type: 'String', Default: '/cdk/version' } };
    expect(value({ Ref: 'BootstrapVersion' }, { Parameters })).toBe('/cdk/version');
  });

  it('resolves Fn::FindInMap by the mappings of the template', () => {
    const Mappings = { Sizes: { 'us-east-1': { small: 1 } } };
    const key = { Ref: 'AWS::Region' };
    expect(value({ 'Fn::FindInMap': ['Sizes', key, 'small'] }, { Mappings })).toBe(1);
  });

  it('resolves Fn::If by the conditions of the template', () => {
    const Conditions = {
      Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
      There: { 'Fn::Not': [{ Condition: 'Here' }] },
      Either: { 'Fn::Or': [{ Condition: 'There' }, { Condition: 'Here' }] },
      Both: { 'Fn::And': [{ Condition: 'There' }, { Condition: 'Here' }] },
    };
    const choice = (condition: string) =>
      value({ 'Fn::If': [condition, { Ref: 'AWS::Region' }, 'no'] }, { Conditions });
    expect(['Here', 'There', 'Either', 'Both'].map(choice)).toEqual([
      'us-east-1',
      'no',
      'us-east-1',
      'no',
    ]);
  });

  it.each([
    [
      'Fn::Transform',
      { 'Fn::Transform': { Name: 'x' } },
      'Fn::Transform is not supported in local mode',
    ],
    ['Fn::Cidr', { 'Fn::Cidr': ['x', 1, 1] }, 'Fn::Cidr is not supported in local mode'],
    ['Ref to a missing resource', { Ref: 'Nothing' }, 'no resource Nothing'],
    ['Ref to a prototype member', { Ref: 'constructor' }, 'no resource constructor'],
    [
      'an unknown mapping',
      { 'Fn::FindInMap': ['a', 'b', 'c'] },
      'malformed argument of Fn::FindInMap',
    ],
    ['an unknown condition', { 'Fn::If': ['Nope', 1, 2] }, 'no condition Nope'],
    [
      'a join of objects',
      { 'Fn::Join': ['', [{ a: 1, b: 2 }]] },
      'malformed argument of Fn::Join, got: {"a":1,"b":2}',
    ],
    [
      'a select past the last element',
      { 'Fn::Select': [2, ['a']] },
      'malformed argument of Fn::Select',
    ],
  ])('names the unsupported expression: %s', (_, expression, message) => {
    expect(() => value(expression)).toThrow(message);
  });
});

describe('a template', () => {
  it('names the resources of a circular reference', () => {
    const role = (to: string) => ({ Type: 'AWS::IAM::Role', Properties: { a: { Ref: to } } });
    expect(() => resolve({ Start: role('A'), A: role('B'), B: role('A') })).toThrow(
      'circular reference in the template: A → B → A',
    );
  });

  it('names the resources of a circle through DependsOn', () => {
    const resources = {
      A: { Type: 'AWS::IAM::Role', DependsOn: ['B'] },
      B: { Type: 'AWS::IAM::Role', DependsOn: 'A' },
    };
    expect(() => resolve(resources)).toThrow('A → B → A');
  });

  it('omits resources and outputs whose condition is false', () => {
    const template = resolve(
      {
        Kept: { Type: 'AWS::CDK::Metadata', Condition: 'Yes' },
        Lost: { Type: 'AWS::CDK::Metadata', Condition: 'No' },
      },
      {
        Conditions: { Yes: { 'Fn::Equals': ['a', 'a'] }, No: { 'Fn::Equals': ['a', 'b'] } },
        Outputs: { Kept: { Value: 1, Condition: 'Yes' }, Lost: { Value: 1, Condition: 'No' } },
      },
    );
    expect(template.resources.map(({ logicalId }) => logicalId)).toEqual(['Kept']);
    expect(template.outputs).toEqual({ Kept: 1 });
    expect(() => template.get('Lost')).toThrow('no resource Lost');
  });

  it('resolves the outputs of a template and keeps metadata', () => {
    const Metadata = { 'aws:asset:path': 'asset.1' };
    const template = resolve(
      { Function: { Type: 'AWS::Lambda::Function', Metadata } },
      { Outputs: { Name: { Value: { Ref: 'Function' }, Export: { Name: 'x' } } } },
    );
    expect(template.get('Function').metadata).toEqual(Metadata);
    expect(template.outputs).toEqual({ Name: template.get('Function').ref });
    expect(template.ofType('AWS::Lambda::Function')).toEqual([template.get('Function')]);
  });

  it.each([
    ['relative to the cloud assembly', 'asset.1', '/assembly/asset.1'],
    ['absolute, of an app without staging', '/app/code', '/app/code'],
  ])('reads the path of an asset: %s', (_, path, expected) => {
    const Resources = {
      Function: { Type: 'AWS::Lambda::Function', Metadata: { 'aws:asset:path': path } },
    };
    const options = { stackName: 'Stack', directory: '/assembly' };

    expect(resolveTemplate({ Resources }, options).get('Function').assetPath).toBe(expected);
  });

  it.each([
    ['a section', { Resources: {}, Transform: 'x' }, 'Transform'],
    [
      'a resource attribute',
      { Resources: { A: { Type: 'X', CreationPolicy: {} } } },
      'CreationPolicy',
    ],
  ])('names an unsupported template part: %s', (_, template, named) => {
    expect(() => resolveTemplate(template, { stackName: 'Stack' })).toThrow(named);
  });

  it('a property fails when it is read, and only then', () => {
    const template = resolve({
      Thing: { Type: 'AWS::S3::Bucket', Properties: { good: 1, bad: { 'Fn::Transform': {} } } },
    });
    const properties = template.get('Thing').properties as { good: unknown; bad: unknown };
    expect(properties.good).toBe(1);
    expect(() => properties.bad).toThrow('Fn::Transform is not supported in local mode');
  });

  it('values of other stacks resolve by export and by output, else to a placeholder', () => {
    const producer = resolve(
      { Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'fn' } } },
      { Outputs: { Name: { Value: { Ref: 'Function' }, Export: { Name: 'Stack:Name' } } } },
    );
    const output = (OutputName: string) => ({
      'Fn::GetStackOutput': { StackName: 'Stack', OutputName },
    });
    const Properties = {
      exported: { 'Fn::ImportValue': 'Stack:Name' },
      output: output('Name'),
      foreign: { 'Fn::ImportValue': 'Other:Name' },
      missing: output('Nothing'),
    };
    const consumer = resolveTemplate(
      { Resources: { Subject: { Type: 'Test::Subject', Properties } } },
      { stackName: 'Consumer', others: [producer] },
    );
    expect(consumer.get('Subject').properties).toEqual({
      exported: 'fn',
      output: 'fn',
      foreign: 'Other:Name.ImportValue.not-imitated.invalid',
      missing: 'Stack.Nothing.not-imitated.invalid',
    });
  });

  it('resources have the account, region and partition of their stack', () => {
    const stack = { stackName: 'Stack', identity: identityOf('123456789012', 'cn-north-1') };
    const template = resolveTemplate(
      { Resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } } } },
      stack,
    );
    expect(template.get('Fn').attribute('Arn')).toBe(
      'arn:aws-cn:lambda:cn-north-1:123456789012:function:f',
    );
  });

  it('a version that replaces another one gets the next number', () => {
    const publishedVersions = new Map();
    const refOf = (logicalId: string) =>
      resolveTemplate(
        {
          Resources: {
            [logicalId]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: 'fn' } },
          },
        },
        { stackName: 'Stack', publishedVersions },
      ).get(logicalId).ref;
    expect([refOf('V1'), refOf('V2'), refOf('V1')].map((ref) => ref.split(':').at(-1))).toEqual([
      '1',
      '2',
      '1',
    ]);
  });

  it('names a template parameter without a default', () => {
    const Parameters = { Size: { Type: 'String' } };
    expect(() => value({ Ref: 'Size' }, { Parameters })).toThrow(
      'template parameter Size must have a Default',
    );
  });
});

describe('an attribute', () => {
  const attributeOf = (Type: string, name: string) =>
    resolve({ Thing: { Type } }).get('Thing').attribute(name);

  it('resolves any attribute of an ignored resource', () => {
    expect(attributeOf('AWS::ApiGatewayV2::VpcLink', 'VpcLinkId')).toMatch(/VpcLinkId$/);
  });

  it('an unsupported attribute is a placeholder with its name', () => {
    expect(attributeOf('AWS::S3::Bucket', 'DomainName')).toBe(
      'Thing.DomainName.not-imitated.invalid',
    );
    expect(attributeOf('AWS::DynamoDB::Table', 'StreamArn')).toBe(
      'arn:aws:not-imitated.invalid:us-east-1:000000000000:Thing',
    );
  });

  it('a part of a placeholder is the placeholder', () => {
    const split = { 'Fn::Split': ['/', { 'Fn::GetAtt': ['Bucket', 'WebsiteURL'] }] };
    const template = resolve({
      Bucket: { Type: 'AWS::S3::Bucket' },
      Subject: { Type: 'Test::Subject', Properties: { value: { 'Fn::Select': [2, split] } } },
    });
    expect(template.get('Subject').properties).toEqual({
      value: 'Bucket.WebsiteURL.not-imitated.invalid',
    });
  });
});

describe('a physical id', () => {
  const ref = (Type: string, Properties = {}) =>
    resolve({ Thing: { Type, Properties } }).get('Thing').ref;

  it.each([
    ['AWS::ApiGateway::RestApi', {}, /^[a-z0-9]{10}$/],
    ['AWS::ApiGateway::Authorizer', {}, /^[a-z0-9]{6}$/],
    ['AWS::ApiGateway::Stage', { StageName: 'v1' }, /^v1$/],
    ['AWS::DynamoDB::GlobalTable', {}, /^Stack-Thing-[A-Z0-9]{12}$/],
    [
      'AWS::Lambda::Alias',
      { FunctionName: 'authorizer', Name: 'live' },
      /^arn:aws:lambda:us-east-1:000000000000:function:authorizer:live$/,
    ],
    [
      'AWS::Lambda::Version',
      { FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:authorizer' },
      /^arn:aws:lambda:us-east-1:000000000000:function:authorizer:1$/,
    ],
    ['AWS::Logs::LogGroup', { LogGroupName: '/a/b' }, /^\/a\/b$/],
    [
      'AWS::SecretsManager::Secret',
      { Name: 'credentials' },
      /^arn:aws:secretsmanager:us-east-1:000000000000:secret:credentials-[a-z0-9]{6}$/,
    ],
  ])('the physical id of %s has the form that AWS gives it', (type, properties, form) => {
    expect(ref(type, properties)).toMatch(form);
  });

  it('physical ids are stable and differ between resources and stacks', () => {
    const type = 'AWS::ApiGateway::RestApi';
    const ids = (stackName: string) =>
      resolveTemplate(
        { Resources: { A: { Type: type }, B: { Type: type } } },
        { stackName },
      ).resources.map((resource) => resource.ref);
    expect(ids('One')).toEqual(ids('One'));
    expect(new Set([...ids('One'), ...ids('Two')]).size).toBe(4);
  });

  it('generated function names have at most 64 characters', () => {
    const template = resolveTemplate(
      { Resources: { ['L'.repeat(80)]: { Type: 'AWS::Lambda::Function' } } },
      { stackName: 'S'.repeat(80) },
    );
    expect(template.resources[0]?.ref.length).toBeLessThanOrEqual(64);
  });
});
