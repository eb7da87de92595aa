import { Duration, Lazy } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { MetadataVariable } from '../../lambda/contract';
import { createBundledFunction } from '../cdk/bundled-function';
import { assertUrl } from '../validation/prop-checks';
import { assertProp } from '../validation/prop-error';

/** Documents that a function serves to clients without a token. */
export interface ServedMetadata {
  /** Documents by their paths. */
  readonly documents?: Readonly<Record<string, object>>;
  /** Returns the members about bound tokens that each document has, at synthesis. Default: none. */
  readonly binding?: () => object;
  /** URL of the metadata of the authorization server, which the function fetches and caches. */
  readonly authorizationServerMetadata?: string | undefined;
}

/**
 * Maximum length of documents without the members about bound tokens, in characters: Lambda limits environment
 * variables to 4 KB.
 */
const MAX_LENGTH = 3500;

/**
 * Adds a function that serves metadata.
 *
 * @throws PropError if the URL is not an `https:` URL, or the documents are too long.
 */
export function addMetadataFunction(
  scope: Construct,
  { documents, binding = () => ({}), authorizationServerMetadata }: ServedMetadata,
): LambdaFunction {
  if (authorizationServerMetadata !== undefined)
    assertUrl('authorizationServerMetadata', authorizationServerMetadata);
  const text = documents && JSON.stringify(documents);
  const isShort = text === undefined || text.length <= MAX_LENGTH;
  assertProp(
    'protectedResource',
    text?.length,
    `must have metadata of at most ${MAX_LENGTH} characters`,
    isShort,
  );
  return createBundledFunction(new Construct(scope, 'Metadata'), {
    bundle: 'key-set',
    description: 'Serves metadata to clients',
    timeout: Duration.seconds(10),
    environment: {
      ...(documents && {
        [MetadataVariable.documents]: Lazy.string({
          produce: () => JSON.stringify(withMembers(documents, binding())),
        }),
      }),
      ...(authorizationServerMetadata !== undefined && {
        [MetadataVariable.authorizationServer]: authorizationServerMetadata,
      }),
    },
  });
}

function withMembers(documents: Readonly<Record<string, object>>, members: object): object {
  const entries = Object.entries(documents);
  return Object.fromEntries(entries.map(([path, document]) => [path, { ...document, ...members }]));
}
