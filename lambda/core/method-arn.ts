import { Fault } from './errors';

/**
 * `arn:PARTITION:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`. Only the first five colons
 * separate: the request path may hold more of them, and partitions differ.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
const METHOD_ARN = /^(arn:[^:]*:execute-api:[^:]*:[^:]*:[^/]+\/[^/]+)\//;

/**
 * The resources of every method and path of the request's API and stage; `*` crosses slashes.
 *
 * @throws Fault `method_arn_invalid`.
 */
export function everyMethodOfStage(methodArn: string): string[] {
  return [`${stageArn(methodArn)}/*`];
}

/**
 * The resources of the one method and resource path that API Gateway matched, which also matches a path
 * with a slash at its end.
 *
 * @throws Fault `method_arn_invalid`.
 */
export function matchedMethod(methodArn: string, method: string, resourcePath: string): string[] {
  const arn = `${stageArn(methodArn)}/${method}${resourcePath.replace(/\{[^}]*\}/g, '*')}`;
  return /[/*]$/.test(arn) ? [arn] : [arn, `${arn}/`];
}

function stageArn(methodArn: string): string {
  const stage = METHOD_ARN.exec(methodArn)?.[1];
  if (stage === undefined) throw new Fault('method_arn_invalid', 'the method ARN is not of an API');
  return stage;
}
