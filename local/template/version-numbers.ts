const VERSION = 'AWS::Lambda::Version';

interface DeclaredResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/**
 * Returns the numbers that Lambda gives the versions of each function, by logical id, if CloudFormation
 * publishes them in the order of the template.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
export function versionNumbers(
  resources: Readonly<Record<string, DeclaredResource>>,
): ReadonlyMap<string, number> {
  const published = new Map<string, number>();
  const numbers = new Map<string, number>();
  for (const [logicalId, { Type, Properties }] of Object.entries(resources)) {
    if (Type !== VERSION) continue;
    const functionName = JSON.stringify(Properties['FunctionName']);
    const number = (published.get(functionName) ?? 0) + 1;
    published.set(functionName, number);
    numbers.set(logicalId, number);
  }
  return numbers;
}
