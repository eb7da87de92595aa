import { Lazy, Stack } from 'aws-cdk-lib';
import {
  type CfnAuthorizer,
  CfnDeployment,
  type CfnGatewayResponse,
  type CfnMethod,
  Deployment,
} from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import { resourcesWith } from '../../cdk/construct-tree';
import { appendToLogicalId, lazyDigest } from '../../cdk/derived-logical-id';
import { propertyOverrides } from '../../cdk/effective-property';
import type { Referent } from '../../cdk/referent';

/** Resources that a deployment of a REST API takes a snapshot of. */
export interface DeployedResources {
  readonly methods: readonly CfnMethod[];
  readonly authorizers: readonly CfnAuthorizer[];
  readonly gatewayResponses: readonly CfnGatewayResponse[];
}

const prepared = new WeakSet<CfnDeployment>();

/**
 * Lets each deployment of an API wait for the resources that it takes a snapshot of, and gives it another
 * logical ID when one of them changes. The CDK does both only for methods and gateway responses of its
 * latest deployment, with the properties that they were created with: not for a `Deployment` of the app,
 * nor for L1 methods, nor where an aspect or an escape hatch sets an authorizer.
 *
 * @param resources function that is called again when a logical ID is calculated
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-deployment.html
 */
export function prepareDeployments(
  scope: IConstruct,
  api: Referent,
  resources: () => DeployedResources,
): void {
  const snapshot = () => snapshotOf(scope, resources());
  const dependencies = Object.values(resources()).flat();
  for (const resource of resourcesWith(scope, CfnDeployment, 'restApiId', api)) {
    const { scope: deployment } = resource.node;
    resource.node.addDependency(...dependencies);
    // An app can be synthesized several times.
    if (prepared.has(resource)) continue;
    if (deployment instanceof Deployment) {
      deployment.addToLogicalId({ phantomToken: Lazy.any({ produce: snapshot }) });
    } else {
      appendToLogicalId(resource, lazyDigest(scope, snapshot));
    }
    prepared.add(resource);
  }
}

/** Returns a finding for each deployment that was declared after the preparation. */
export function deploymentFindings(scope: IConstruct, api: Referent): readonly string[] {
  return resourcesWith(scope, CfnDeployment, 'restApiId', api)
    .filter((deployment) => !prepared.has(deployment))
    .map(
      ({ node }) =>
        `${node.path}: was declared by an aspect after the protection had prepared the deployments: ` +
        'declare it before synthesis',
    );
}

/** Returns the properties that a deployment takes a snapshot of. */
function snapshotOf(scope: IConstruct, resources: DeployedResources): unknown {
  const { methods, authorizers, gatewayResponses } = resources;
  return Stack.of(scope).resolve({
    methods: methods.map((it) => [
      ...[it.httpMethod, it.resourceId, it.authorizerId, it.authorizationType, it.apiKeyRequired],
      it.integration,
      propertyOverrides(it),
    ]),
    authorizers: authorizers.map((it) => [
      ...[it.name, it.authorizerUri, it.identitySource, it.authorizerResultTtlInSeconds],
    ]),
    gatewayResponses: gatewayResponses.map((it) => [
      ...[it.responseType, it.statusCode, it.responseParameters, it.responseTemplates],
      propertyOverrides(it),
    ]),
  });
}
