import { createHash } from 'node:crypto';
import type { Identity } from './identity';
import { isIgnoredLocally } from './ignored-resources';
import { placeholder } from './placeholder';

/** Resource whose physical id is derived. Its properties are resolved. */
export interface Nameable {
  readonly stackName: string;
  readonly identity: Identity;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Number of a function's version. Default: 1. */
  readonly versionNumber?: number | undefined;
}

/** Properties with which a template sets the name of a resource explicitly. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::DomainName': 'DomainName',
  'AWS::ApiGateway::Stage': 'StageName',
  'AWS::ApiGatewayV2::DomainName': 'DomainName',
  'AWS::ApiGatewayV2::Stage': 'StageName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
};

/** Types whose `Ref` is the ARN of a function's version or alias. */
const FUNCTION_QUALIFIERS: Readonly<Record<string, (r: Nameable) => string>> = {
  'AWS::Lambda::Alias': ({ properties }) => String(properties['Name']),
  'AWS::Lambda::Version': versionNumber,
};

/** Types whose `Ref` is a short generated identifier, with its length in API Gateway. */
const SHORT_ID_LENGTHS: Readonly<Record<string, number>> = {
  'AWS::ApiGateway::ApiKey': 10,
  'AWS::ApiGateway::Authorizer': 6,
  'AWS::ApiGateway::Deployment': 6,
  'AWS::ApiGateway::Resource': 6,
  'AWS::ApiGateway::RestApi': 10,
  'AWS::ApiGateway::UsagePlan': 6,
  'AWS::ApiGateway::UsagePlanKey': 17,
  'AWS::ApiGatewayV2::Api': 10,
  'AWS::ApiGatewayV2::Authorizer': 6,
  'AWS::ApiGatewayV2::Deployment': 6,
  'AWS::ApiGatewayV2::Integration': 7,
  'AWS::ApiGatewayV2::Route': 7,
};

/** Results of `Fn::GetAtt` by type and attribute. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, (r: Nameable) => string>>>> = {
  'AWS::ApiGateway::ApiKey': { APIKeyId: physicalId },
  'AWS::ApiGateway::Authorizer': { AuthorizerId: physicalId },
  'AWS::ApiGateway::Deployment': { DeploymentId: physicalId },
  'AWS::ApiGateway::Resource': { ResourceId: physicalId },
  'AWS::ApiGateway::RestApi': {
    RestApiId: physicalId,
    RootResourceId: (r) => shortId(r, 'root resource', 10),
  },
  'AWS::ApiGateway::UsagePlan': { Id: physicalId },
  'AWS::ApiGateway::UsagePlanKey': { Id: physicalId },
  'AWS::ApiGatewayV2::Api': {
    ApiId: physicalId,
    ApiEndpoint: (r) =>
      `https://${physicalId(r)}.execute-api.${r.identity.region}.${r.identity.urlSuffix}`,
  },
  'AWS::ApiGatewayV2::Authorizer': { AuthorizerId: physicalId },
  'AWS::ApiGatewayV2::Deployment': { DeploymentId: physicalId },
  'AWS::ApiGatewayV2::Integration': { IntegrationId: physicalId },
  'AWS::ApiGatewayV2::Route': { RouteId: physicalId },
  'AWS::DynamoDB::GlobalTable': { Arn: (r) => arn(r, 'dynamodb', `table/${name(r)}`) },
  'AWS::DynamoDB::Table': { Arn: (r) => arn(r, 'dynamodb', `table/${name(r)}`) },
  'AWS::IAM::Role': {
    Arn: (r) => `arn:${r.identity.partition}:iam::${r.identity.accountId}:role/${name(r)}`,
  },
  'AWS::Lambda::Alias': { AliasArn: physicalId },
  'AWS::Lambda::Version': { FunctionArn: physicalId, Version: versionNumber },
  'AWS::Lambda::Function': { Arn: (r) => arn(r, 'lambda', `function:${name(r)}`) },
  'AWS::Logs::LogGroup': { Arn: (r) => arn(r, 'logs', `log-group:${name(r)}:*`) },
  'AWS::SecretsManager::Secret': { Id: physicalId },
};

/**
 * Returns the result of `Ref` for a resource.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html
 */
export function physicalId(resource: Nameable): string {
  if (resource.type === 'AWS::SecretsManager::Secret') return secretArn(resource);
  const qualifier = FUNCTION_QUALIFIERS[resource.type]?.(resource);
  if (qualifier !== undefined) return qualifiedArn(resource, qualifier);
  const length = SHORT_ID_LENGTHS[resource.type];
  return length ? shortId(resource, '', length) : name(resource);
}

/**
 * Returns the result of `Fn::GetAtt` for a resource, or a placeholder for an attribute that local mode does
 * not imitate.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
 */
export function attribute(resource: Nameable, attributeName: string): string {
  const derive = ATTRIBUTES[resource.type]?.[attributeName];
  if (derive) return derive(resource);
  // The value does not matter: local mode ignores the resource.
  if (isIgnoredLocally(resource.type)) return `${name(resource)}.${attributeName}`;
  return placeholder(resource.logicalId, attributeName);
}

/**
 * Returns the explicit name, or else a generated one of stack name, logical id and suffix.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
function name(resource: Nameable): string {
  const property = NAME_PROPERTIES[resource.type];
  const explicit = property && resource.properties[property];
  if (typeof explicit === 'string') return explicit;
  const parts = [resource.stackName.slice(0, 24), resource.logicalId.slice(0, 24)];
  return [...parts, shortId(resource, 'name', 12).toUpperCase()].join('-');
}

function versionNumber(resource: Nameable): string {
  return String(resource.versionNumber ?? 1);
}

function qualifiedArn(resource: Nameable, qualifier: string): string {
  const functionName = String(resource.properties['FunctionName']).replace(/^.*:function:/, '');
  return arn(resource, 'lambda', `function:${functionName}:${qualifier}`);
}

/** Returns the ARN of a secret, with the hyphen and six characters that Secrets Manager appends. */
function secretArn(resource: Nameable): string {
  return arn(
    resource,
    'secretsmanager',
    `secret:${name(resource)}-${shortId(resource, 'secret', 6)}`,
  );
}

function arn({ identity }: Nameable, service: string, resource: string): string {
  const { partition, region, accountId } = identity;
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/** Returns lowercase letters and digits that are stable for a resource of a stack. */
function shortId(resource: Nameable, purpose: string, length: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([resource.stackName, resource.logicalId, purpose]))
    .digest('hex');
  return BigInt(`0x${digest}`).toString(36).padStart(length, '0').slice(-length);
}
