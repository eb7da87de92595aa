/** As `../jose.ts`: what the bundle holds of the package. */
export { fromContainerMetadata } from '@smithy/credential-provider-imds';
