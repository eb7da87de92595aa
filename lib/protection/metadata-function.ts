import { Duration, Lazy } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { MetadataVariable } from '../../lambda/contract';
import { createBundledFunction } from '../cdk/bundled-function';
import { assertUrl } from '../validation/prop-checks';
import { assertProp } from '../validation/prop-error';
import { LONGEST_BINDING } from './binding-metadata';
import type { ResourceMetadata } from './protected-resources';

/** Documents that a function serves to clients without a token. */
export interface ServedMetadata {
  /** Metadata of resources by their paths. */
  readonly documents?: Readonly<Record<string, ResourceMetadata>>;
  /** Returns the members about bound tokens of a resource, at synthesis. Default: none. */
  readonly binding?: ((resource: string) => object) | undefined;
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
  { documents, binding, authorizationServerMetadata }: ServedMetadata,
): LambdaFunction {
  if (authorizationServerMetadata !== undefined)
    assertUrl('authorizationServerMetadata', authorizationServerMetadata);
  const length = documents && textOf(documents, binding && (() => LONGEST_BINDING)).length;
  assertProp(
    'protectedResource',
    length,
    `must have metadata of at most ${MAX_LENGTH} characters`,
    length === undefined || length <= MAX_LENGTH,
  );
  return createBundledFunction(new Construct(scope, 'Metadata'), {
    bundle: 'key-set',
    description: 'Serves metadata to clients',
    timeout: Duration.seconds(10),
    environment: {
      ...(documents && {
        [MetadataVariable.documents]: Lazy.string({ produce: () => textOf(documents, binding) }),
      }),
      ...(authorizationServerMetadata !== undefined && {
        [MetadataVariable.authorizationServer]: authorizationServerMetadata,
      }),
    },
  });
}

function textOf(
  documents: Readonly<Record<string, ResourceMetadata>>,
  binding: ServedMetadata['binding'],
): string {
  const served = Object.entries(documents).map(([path, document]) => [
    path,
    { ...document, ...binding?.(document.resource) },
  ]);
  return JSON.stringify(Object.fromEntries(served));
}
