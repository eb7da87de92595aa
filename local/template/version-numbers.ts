const VERSION = 'AWS::Lambda::Version';

interface DeclaredResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** Logical ids of the versions that were published, in order, by function. */
export type PublishedVersions = Map<string, string[]>;

/**
 * Returns the numbers that Lambda gives the versions of each function, by logical id, if CloudFormation
 * publishes them in the order of the template. A number is never used again.
 *
 * @param published receives the new versions
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
export function versionNumbers(
  resources: Readonly<Record<string, DeclaredResource>>,
  stackName: string,
  published: PublishedVersions = new Map(),
): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const [logicalId, { Type, Properties }] of Object.entries(resources)) {
    if (Type !== VERSION) continue;
    const functionKey = `${stackName} ${JSON.stringify(Properties['FunctionName'])}`;
    const versions = published.get(functionKey) ?? [];
    if (!versions.includes(logicalId)) versions.push(logicalId);
    published.set(functionKey, versions);
    numbers.set(logicalId, versions.indexOf(logicalId) + 1);
  }
  return numbers;
}
