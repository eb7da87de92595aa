import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';

/** Resource types that are part of a deployment, which is a snapshot. */
const SNAPSHOT_TYPES = ['Authorizer', 'GatewayResponse', 'Method', 'Resource', 'RestApi'].map(
  (name) => `AWS::ApiGateway::${name}`,
);

/**
 * Returns the template that the stage of a REST API serves after an update: the API as it was when the
 * stage's deployment was created, and the current version of all other resources. If the stage names
 * another deployment, it serves the updated template.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
 */
export function deployedTemplate(
  deployed: ResolvedTemplate,
  updated: ResolvedTemplate,
  api: ResolvedResource,
): ResolvedTemplate {
  const deploymentId = deploymentIdOf(updated, api);
  if (deploymentId === undefined || deploymentId !== deploymentIdOf(deployed, api)) return updated;
  const ofType = (type: string) =>
    (SNAPSHOT_TYPES.includes(type) ? deployed : updated).ofType(type);
  return { ...deployed, ofType };
}

function deploymentIdOf(template: ResolvedTemplate, api: ResolvedResource): unknown {
  return template
    .ofType('AWS::ApiGateway::Stage')
    .map(({ properties }) => properties as { RestApiId?: unknown; DeploymentId?: unknown })
    .find(({ RestApiId }) => RestApiId === api.ref)?.DeploymentId;
}
