/**
 * The parts of jose that are bundled. Importers load this file when they need it, so that a cold start does
 * not pay for it.
 */
export { compactVerify, createLocalJWKSet, errors, SignJWT } from 'jose';
