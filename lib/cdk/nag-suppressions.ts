import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { AuthorizationType, CfnMethod, CfnStage } from 'aws-cdk-lib/aws-apigateway';
import { CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { hasValidations } from './acknowledgements';
import { suppressForNag2 } from './nag-v2-suppressions';
import { addScannerMetadata } from './scanner-metadata';
import { type Concern, SCANNER_RULES, type ScannerRules, STANDARD_PACKS } from './scanner-rules';

/** ARN of the managed policy, as it appears in cdk-nag's findings in every partition. */
const LOGS_POLICY =
  'arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';

/**
 * Suppresses the rules of scanners about a property of a construct, with the reason: for cdk-nag 3 at the
 * construct, and for cdk-nag 2 and other scanners in the metadata of its resources.
 *
 * @param finding identifies one of several findings of the rule of cdk-nag's pack AwsSolutions
 */
export function acknowledge(construct: IConstruct, concern: Concern, finding?: string): void {
  const rules: ScannerRules = SCANNER_RULES[concern];
  const { reason } = rules;
  const ids = nagRules(rules);
  const applies = finding && { applies_to: [finding] };
  suppressForNag2(
    construct,
    ids.map((id) => ({ id, reason, ...applies })),
  );
  for (const id of hasValidations() ? ids : []) {
    Validations.of(construct).acknowledge({ id: finding ? `${id}[${finding}]` : id, reason });
  }
  for (const resource of construct.node.findAll()) {
    if (!CfnResource.isCfnResource(resource)) continue;
    if (rules.resourceType !== undefined && resource.cfnResourceType !== rules.resourceType)
      continue;
    addScannerMetadata(resource, rules);
  }
}

/** Returns the rules of all packs of cdk-nag. */
function nagRules({ solutions, standards = [] }: ScannerRules): readonly string[] {
  return [
    ...(solutions === undefined ? [] : [`AwsSolutions-${solutions}`]),
    ...STANDARD_PACKS.flatMap((pack) => standards.map((rule) => `${pack}-${rule}`)),
  ];
}

/** Suppresses rules for the resources of a REST or HTTP API. */
export function acknowledgeApi(api: IConstruct): void {
  for (const construct of api.node.findAll()) {
    if (CfnResource.isCfnResource(construct)) acknowledgeResource(construct);
  }
}

/** Suppresses the rules that a resource of an API breaks on purpose. */
function acknowledgeResource(resource: CfnResource): void {
  if (resource.cfnResourceType === 'AWS::ApiGateway::RestApi') {
    acknowledge(resource, 'requestValidation');
  }
  if (resource instanceof CfnStage) {
    for (const concern of ['webAcl', 'executionLogs', 'stageCache'] as const) {
      acknowledge(resource, concern);
    }
  }
  if (resource instanceof CfnRole) {
    acknowledge(resource, 'gatewayLogsPolicy', `Policy::${LOGS_POLICY}`);
  }
  // cdk-nag exempts preflight requests itself.
  if (resource instanceof CfnMethod && resource.httpMethod !== 'OPTIONS') {
    acknowledge(resource, 'lambdaAuthorizer');
  }
  if (isPublic(resource)) acknowledge(resource, 'publicRoute');
}

/** Returns whether a route has no authorizer and is not a preflight method. */
function isPublic(resource: CfnResource): boolean {
  if (resource instanceof CfnRoute) return resource.authorizationType === AuthorizationType.NONE;
  if (!(resource instanceof CfnMethod) || resource.authorizationType !== AuthorizationType.NONE)
    return false;
  const responses = Stack.of(resource).resolve(resource.methodResponses);
  return resource.httpMethod !== 'OPTIONS' || responses === undefined;
}
