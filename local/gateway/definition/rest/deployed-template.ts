import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';

/** The types of resources that a deployment is a snapshot of. */
const SNAPSHOT_TYPES = ['Authorizer', 'GatewayResponse', 'Method', 'Resource', 'RestApi'].map(
  (name) => `AWS::ApiGateway::${name}`,
);

/**
 * Returns what the stage of a REST API serves after an update: the API as it was when the stage's deployment
 * was made, and all else as it is now. A stage that names another deployment serves what is new.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
 */
export function deployedTemplate(
  deployed: ResolvedTemplate,
  updated: ResolvedTemplate,
  api: ResolvedResource,
): ResolvedTemplate {
  const names = deploymentOf(updated, api);
  if (names === undefined || names !== deploymentOf(deployed, api)) return updated;
  const ofType = (type: string) =>
    (SNAPSHOT_TYPES.includes(type) ? deployed : updated).ofType(type);
  return { ...deployed, ofType };
}

function deploymentOf(template: ResolvedTemplate, api: ResolvedResource): unknown {
  return template
    .ofType('AWS::ApiGateway::Stage')
    .map(({ properties }) => properties as { RestApiId?: unknown; DeploymentId?: unknown })
    .find(({ RestApiId }) => RestApiId === api.ref)?.DeploymentId;
}
