import type { CfnMethod } from 'aws-cdk-lib/aws-apigateway';
import { isHttp, mappingFaults } from './phantom-token-rest-integration';

type Integration = Partial<CfnMethod.IntegrationProperty>;

/** Returns why the integration of a protected method would pass the client's opaque token on. */
export function integrationFaults(integration: Integration): readonly string[] {
  return [
    ...mappingFaults(integration),
    ...sourceFaults(integration),
    ...templateFaults(integration),
  ];
}

/** Returns a fault for each mapping of the header to another target, such as a message attribute. */
function sourceFaults(integration: Integration): readonly string[] {
  return Object.entries(integration.requestParameters ?? {})
    .filter(([, source]) => /^method\.request\.(multivalue)?header\.authorization$/i.test(source))
    .map(([target]) => target)
    .filter((target) => !isHttp(integration) || !/\.header\.authorization$/i.test(target))
    .map(
      (target) =>
        `its integration passes the client's Authorization header on as ${target}: remove the mapping`,
    );
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html */
function templateFaults({ requestTemplates = {} }: Integration): readonly string[] {
  if (!Object.values(requestTemplates).some((template) => readsToken(textOf(template)))) return [];
  return [
    "the request template of its integration can pass the client's Authorization header on: read single " +
      'other headers, and the caller from $context.authorizer; for StepFunctionsIntegration, leave headers out',
  ];
}

/** Switch of CDK's template for Step Functions, which contains the code for headers in any case. */
const STEP_FUNCTIONS_SWITCH = /#set\(\$includeHeaders = (true|false)\)/;

/** Call of `$input.params`, with the name of the parameter or the members that it selects. */
const PARAMS =
  /\$!?\{?input\.params\(\s*(?:["']([^"']*)["']|([^)\s]*))\s*\)((?:\.\w+(?:\(\s*["']?[^"')]*["']?\s*\))?)*)/g;

/** Selection of path or query parameters, or of a single header other than `Authorization`. */
const SELECTS_OTHERS =
  /^\.(?:path|querystring)\b|^\.header\.(?:get\(\s*["'](?!authorization["'])|(?!authorization\b|get\b|keySet\b|entrySet\b|values\b)\w)/i;

function readsToken(template: string): boolean {
  const stepFunctions = STEP_FUNCTIONS_SWITCH.exec(template);
  if (stepFunctions !== null) return stepFunctions[1] === 'true';
  return [...template.matchAll(PARAMS)].some(([, name, variable = '', members = '']) => {
    if (name !== undefined) return name.toLowerCase() === 'authorization';
    return variable !== '' || !SELECTS_OTHERS.test(members);
  });
}

/** Returns the text of a template, in place of references to resources nothing. */
function textOf(template: unknown): string {
  if (typeof template === 'string') return template;
  if (typeof template !== 'object' || template === null) return '';
  return Object.values(template).map(textOf).join('');
}
