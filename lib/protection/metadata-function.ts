import { Duration } from 'aws-cdk-lib';
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
  /** URL of the metadata of the authorization server, which the function fetches and caches. */
  readonly authorizationServerMetadata?: string | undefined;
}

/** Maximum length of documents, in characters: Lambda limits environment variables to 4 KB. */
const MAX_LENGTH = 3500;

/**
 * Adds a function that serves metadata.
 *
 * @throws PropError if the URL is not an `https:` URL, or the documents are too long.
 */
export function addMetadataFunction(
  scope: Construct,
  { documents, authorizationServerMetadata }: ServedMetadata,
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
      ...(text !== undefined && { [MetadataVariable.documents]: text }),
      ...(authorizationServerMetadata !== undefined && {
        [MetadataVariable.authorizationServer]: authorizationServerMetadata,
      }),
    },
  });
}
