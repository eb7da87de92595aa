import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { AuthorizationType, CfnMethod, CfnStage } from 'aws-cdk-lib/aws-apigateway';
import { CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { hasValidations } from './acknowledgements';
import { suppressForNag2 } from './nag-v2-suppressions';

/**
 * Rules of cdk-nag's AwsSolutions pack that are suppressed, with the reasons.
 *
 * @see https://github.com/cdklabs/cdk-nag/blob/main/RULES.md#awssolutions
 */
const REASONS = {
  APIG2: 'The upstream API validates requests; API Gateway has no models of them.',
  APIG3:
    'The rules of a web ACL depend on the upstream API, and each request costs money. Operators associate one with the stage if they need it.',
  APIG4: 'The route is public on purpose: metadata, or a route that is declared public.',
  APIG6:
    'Execution logs contain the output of the authorizer, including phantom tokens. Access logs record the client and the status of each request.',
  COG4: 'Cognito authorizers verify JWTs of Cognito. These access tokens are opaque, and a Lambda authorizer introspects them.',
  DDB3: 'The table is a cache; its contents are short-lived and can be recreated.',
  IAM4: 'API Gateway requires this managed policy on the role with which it writes logs for the account.',
  IAM5: 'Traces have no resource ARN. The ARNs of network interfaces in a VPC are unknown before Lambda creates them; the code of the function is denied these actions.',
  SMG4: 'A rotation has to change the credentials at the authorization server, which requires a rotation function of the operator (see addRotationSchedule).',
} as const;

/** ARN of the managed policy, as it appears in cdk-nag's findings in every partition. */
const LOGS_POLICY =
  'arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';

/**
 * Suppresses a rule for a construct, with the reason.
 *
 * @param finding identifies one of several findings of the rule
 */
export function acknowledge(
  construct: IConstruct,
  rule: keyof typeof REASONS,
  finding?: string,
): void {
  const id = `AwsSolutions-${rule}`;
  const reason = REASONS[rule];
  suppressForNag2(construct, { id, reason, ...(finding && { applies_to: [finding] }) });
  if (!hasValidations()) return;
  Validations.of(construct).acknowledge({ id: `${id}${finding ? `[${finding}]` : ''}`, reason });
}

/** Suppresses rules for the resources of a REST or HTTP API. */
export function acknowledgeApi(api: IConstruct): void {
  for (const construct of api.node.findAll()) {
    if (CfnResource.isCfnResource(construct)) acknowledgeResource(construct);
  }
}

/** Suppresses the rules that a resource of an API breaks on purpose. */
function acknowledgeResource(resource: CfnResource): void {
  if (resource.cfnResourceType === 'AWS::ApiGateway::RestApi') acknowledge(resource, 'APIG2');
  if (resource instanceof CfnStage) {
    acknowledge(resource, 'APIG3');
    acknowledge(resource, 'APIG6');
  }
  if (resource instanceof CfnRole) acknowledge(resource, 'IAM4', `Policy::${LOGS_POLICY}`);
  // cdk-nag exempts preflight requests itself.
  if (resource instanceof CfnMethod && resource.httpMethod !== 'OPTIONS')
    acknowledge(resource, 'COG4');
  if (isPublic(resource)) acknowledge(resource, 'APIG4');
}

/** Returns whether a route has no authorizer and is not a preflight method. */
function isPublic(resource: CfnResource): boolean {
  if (resource instanceof CfnRoute) return resource.authorizationType === AuthorizationType.NONE;
  if (!(resource instanceof CfnMethod) || resource.authorizationType !== AuthorizationType.NONE)
    return false;
  const responses = Stack.of(resource).resolve(resource.methodResponses);
  return resource.httpMethod !== 'OPTIONS' || responses === undefined;
}
