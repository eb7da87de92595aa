/**
 * What we use of jose. It is imported where it is needed, for a cold start would pay for it; by way of this
 * file, so that the bundle holds this much of it and not the rest.
 */
export { compactVerify, createLocalJWKSet, errors, SignJWT } from 'jose';
