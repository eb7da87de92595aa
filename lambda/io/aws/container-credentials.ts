/** The part of the package that is bundled. */
export { fromContainerMetadata } from '@smithy/credential-provider-imds';
