import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { AuthorizationType, CfnMethod, CfnStage } from 'aws-cdk-lib/aws-apigateway';
import { CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * Rules of cdk-nag's AwsSolutions pack that are broken on purpose, and why.
 *
 * @see https://github.com/cdklabs/cdk-nag/blob/main/RULES.md#awssolutions
 */
const REASONS = {
  APIG2:
    'API Gateway has no models of the upstream API to validate requests by: the upstream validates them.',
  APIG3:
    'The rules of a web ACL depend on the API behind, and it costs by the request: whoever deploys associates one with the stage.',
  APIG4: 'Public on purpose: metadata, or a route that is declared so.',
  APIG6:
    'Execution logs hold what the authorizer answers, and with it phantom tokens. Access logs tell who called and how it ended.',
  COG4: 'Cognito authorizers verify JWTs of Cognito. The access tokens here are opaque: a Lambda authorizer has them introspected.',
  DDB3: 'A cache: whatever is in it can be had again, and is short-lived.',
  IAM4: 'The policy that API Gateway asks for on the role by which it writes logs for the account.',
  IAM5: 'Traces have no resource to name, and neither have network interfaces before Lambda makes them in a VPC; the code itself is denied those.',
  SMG4: "The secret is the authorization server's to change: a rotation takes a function that can do so there, see addRotationSchedule.",
} as const;

/** As cdk-nag spells it, in whatever partition. */
const LOGS_POLICY =
  'arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';

/**
 * States for a construct that it breaks a rule on purpose.
 *
 * @param finding where a rule has several findings, the one that is meant
 */
export function acknowledge(
  construct: IConstruct,
  rule: keyof typeof REASONS,
  finding?: string,
): void {
  const id = `AwsSolutions-${rule}${finding ? `[${finding}]` : ''}`;
  Validations.of(construct).acknowledge({ id, reason: REASONS[rule] });
}

/** States the same for each part of an API, of either kind. */
export function acknowledgeApi(api: IConstruct): void {
  for (const part of api.node.findAll()) {
    if (CfnResource.isCfnResource(part)) acknowledgePart(part);
  }
}

function acknowledgePart(part: CfnResource): void {
  if (part.cfnResourceType === 'AWS::ApiGateway::RestApi') acknowledge(part, 'APIG2');
  if (part instanceof CfnStage) {
    acknowledge(part, 'APIG3');
    acknowledge(part, 'APIG6');
  }
  if (part instanceof CfnRole) acknowledge(part, 'IAM4', `Policy::${LOGS_POLICY}`);
  // cdk-nag knows preflight requests by itself.
  if (part instanceof CfnMethod && part.httpMethod !== 'OPTIONS') acknowledge(part, 'COG4');
  if (isPublic(part)) acknowledge(part, 'APIG4');
}

function isPublic(part: CfnResource): boolean {
  if (part instanceof CfnRoute) return part.authorizationType === AuthorizationType.NONE;
  if (!(part instanceof CfnMethod) || part.authorizationType !== AuthorizationType.NONE)
    return false;
  const responses = Stack.of(part).resolve(part.methodResponses);
  return part.httpMethod !== 'OPTIONS' || responses === undefined;
}
