import { z } from 'zod';
import { SigningAlgorithm } from '../../signing/signing-keys';
import { DEFAULTS } from '../../validation/defaults';
import * as values from '../../validation/shared-schemas';

/** Key `token.mint` of the deployment config. */
export const mintSchema = (url: z.ZodString) =>
  z.strictObject({
    issuer: url.meta({
      description: 'Claim `iss` of minted tokens.',
      details:
        'Upstreams that configure themselves by the issuer read its metadata at this URL plus `/.well-known/oauth-authorization-server`. Use the base URL of the API.',
      examples: ['https://api.example.com'],
    }),
    audience: values.oneOrMore.meta({
      description: 'Claim `aud` of minted tokens.',
      examples: ['orders'],
    }),
    subject: values.nonEmpty.optional().meta({
      description: 'Member that names the subject of a response without `sub`.',
      whenAbsent: '`client_id` is the subject of a token without `sub`',
      details:
        'It can be a path such as `ext.user`. Choose a member that never changes and is unique, which a display name is not.',
      examples: ['username'],
    }),
    claims: values.mintedClaims.default({}).meta({
      description: 'Further claims by name, each with the member that it is copied from.',
      details:
        'A member can be a path: `{ "tenant": "ext.tenant" }`. Claims that the authorizer sets itself cannot be configured.',
    }),
    lifetimeSeconds: values.mintLifetimeSeconds.optional().meta({
      description: 'Maximum lifetime of minted tokens, in seconds.',
      whenAbsent:
        '`cache.maxTtlSeconds` + `cache.authorizerResultTtlSeconds` + 60, which is the minimum',
      details: 'A minted token expires at the latest with the access token.',
    }),
    key: z.enum(['secret', 'kms']).default('secret').meta({
      description: 'Place of the signing key: a secret of its own, or AWS KMS.',
      details:
        'With `"secret"` the function signs by itself, and the keys are rotated. With `"kms"` the key cannot be copied, each signature costs a call of KMS, and the key is not rotated. See [Signing keys](signing-keys.md).',
    }),
    algorithm: z.enum(SigningAlgorithm).default(SigningAlgorithm.ES256).meta({
      description: 'Signature algorithm of minted tokens.',
      details: 'With the key in KMS it is `ES256`.',
    }),
    rotationDays: values.signingKeyRotationDays.optional().meta({
      description: 'Days between two rotations of the signing keys.',
      whenAbsent: `${DEFAULTS.signingKeyRotationDays} with keys in a secret`,
    }),
  });
