import { type CfnResource, Stack } from 'aws-cdk-lib';
import { CfnDeployment, CfnStage } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import { isAcknowledged } from '../../cdk/acknowledgements';
import { resourcesWith } from '../../cdk/construct-tree';
import type { Referent } from '../../cdk/referent';
import { isOn, isOnFor, type MethodSetting, readMethodSettings } from './method-settings';

/** A method with an authorizer of the protection. */
export interface ProtectedMethod {
  /** Name in findings, such as `GET /orders/{id}`. */
  readonly name: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly cacheKeyParameters: readonly string[];
}

/** Settings of a stage, or of the stage that a deployment creates. */
interface StageSettings {
  readonly resource: CfnResource;
  /** True if the stage has a cache, or can have one at the deployment. */
  readonly caches: boolean;
  readonly settings: readonly MethodSetting[];
}

/** Disclosure of tokens or responses of protected methods by a stage. */
interface StageFinding {
  readonly id: string;
  readonly message: string;
}

/** Cache key parameter that distinguishes callers in API Gateway's response cache. */
const CACHE_KEY = 'method.request.header.Authorization';

/**
 * Returns the disclosures by the stages of an API in this app: of cached responses to other callers, and of
 * tokens to readers of the execution logs. Acknowledged findings are left out.
 */
export function stageFindings(
  scope: IConstruct,
  api: Referent,
  methods: readonly ProtectedMethod[],
): readonly string[] {
  return stagesOf(scope, api).flatMap((stage) =>
    [...cacheFindings(stage, methods), ...traceFindings(stage, methods)]
      .filter(({ id }) => !isAcknowledged(stage.resource, id))
      .map(({ id, message }) => `${message} [ack: ${id}]`),
  );
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html */
function cacheFindings(
  { resource, caches, settings }: StageSettings,
  methods: readonly ProtectedMethod[],
): StageFinding[] {
  if (!caches) return [];
  return methods
    .filter(({ cacheKeyParameters }) => !cacheKeyParameters.includes(CACHE_KEY))
    .filter((method) => isOnFor(settings, 'cachingEnabled', method))
    .map(({ name }) => ({
      id: `phantom-token-authorizer:response-cache:${name}`,
      message:
        `${name}: ${resource.node.path} caches its responses without distinguishing callers: set ` +
        `cachingEnabled of the method to false, or add ${CACHE_KEY} to the cacheKeyParameters of its ` +
        'integration',
    }));
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
function traceFindings(
  { resource, settings }: StageSettings,
  methods: readonly ProtectedMethod[],
): StageFinding[] {
  const traced = methods.filter((method) => isOnFor(settings, 'dataTraceEnabled', method));
  if (traced.length === 0) return [];
  return [
    {
      id: 'phantom-token-authorizer:data-trace',
      message:
        `${resource.node.path}: dataTraceEnabled must be false, since execution logs would hold the ` +
        `tokens of ${traced.map(({ name }) => name).join(', ')}`,
    },
  ];
}

function stagesOf(scope: IConstruct, api: Referent): readonly StageSettings[] {
  const stages = resourcesWith(scope, CfnStage, 'restApiId', api);
  const deployments = resourcesWith(scope, CfnDeployment, 'restApiId', api);
  return [...stages.map(settingsOfStage), ...deployments.map(settingsOfDeployment)];
}

function settingsOfStage(resource: CfnStage): StageSettings {
  const { cacheClusterEnabled, methodSettings } = resource;
  const resolved = Stack.of(resource).resolve({ cacheClusterEnabled, methodSettings });
  return {
    resource,
    caches: isOn(resolved.cacheClusterEnabled),
    settings: readMethodSettings(resolved.methodSettings),
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigateway-deployment-stagedescription.html */
function settingsOfDeployment(resource: CfnDeployment): StageSettings {
  const description = Stack.of(resource).resolve(resource.stageDescription) ?? {};
  const { cacheClusterEnabled, methodSettings, ...switches } = description;
  const ofStage = { ...switches, httpMethod: '*', resourcePath: '/*' };
  return {
    resource,
    caches: isOn(cacheClusterEnabled),
    settings: [...readMethodSettings(methodSettings), ...readMethodSettings([ofStage])],
  };
}
