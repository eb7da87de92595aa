import { z } from 'zod';
import { AssertionAlgorithm } from '../../authorizer/client-authentication';
import * as values from '../../validation/shared-schemas';
import { operations } from './operations-schema';

const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'ANY'] as const;

const introspectionResponse = z.union([
  z.literal('jwt'),
  z.strictObject({ member: z.string().min(1) }),
]);

/** A method of client authentication with its options; a name alone stands for their defaults. */
export const clientAuthenticationOptions = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('client_secret_basic'),
    encoding: z.enum(['form', 'raw']).default('form'),
  }),
  z.strictObject({ method: z.literal('client_secret_post') }),
  z.strictObject({
    method: z.literal('private_key_jwt'),
    audience: z.string().min(1).optional(),
    algorithm: z.enum(AssertionAlgorithm).optional(),
  }),
  z.strictObject({ method: z.literal('tls_client_auth') }),
]);

const clientAuthentication = z.union([
  z.enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'tls_client_auth']),
  clientAuthenticationOptions,
]);

const route = z
  .strictObject({
    method: z.enum(HTTP_METHODS),
    path: values.pathPattern,
    scopes: z
      .union([z.array(values.scope), z.array(z.array(values.scope).min(1)).min(1)])
      .default([]),
    public: z.boolean().default(false),
  })
  .refine((value) => !(value.public && value.scopes.length > 0), {
    path: ['scopes'],
    message: 'must be absent on a public route: nothing would check them',
  });

const allowOrigins = z
  .array(values.origin)
  .min(1)
  .refine((all) => all.length === 1 || !all.includes('*'), 'must be * alone or origins');

/** The deployment config file. Unknown keys are errors. */
export function deploymentConfigSchema({ local }: { readonly local: boolean }) {
  const url = values.url(local);
  return z.strictObject({
    $schema: z.string().optional(),
    stackName: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'must be letters, digits and hyphens')
      .default('PhantomToken'),
    introspection: z.strictObject({
      endpoint: url,
      response: introspectionResponse.default('jwt'),
      accept: values.mediaType.optional(),
      parameters: values.introspectionParameters.default({}),
      clientAuthentication: clientAuthentication.default('client_secret_basic'),
      credentialsSecretArn: values.secretArn.optional(),
      caBundle: z.string().min(1).optional(),
      timeoutSeconds: values.introspectionTimeoutSeconds.default(3),
    }),
    token: z
      .strictObject({
        issuer: values.nonEmpty.optional(),
        audience: values.oneOrMore.optional(),
        types: values.oneOrMore.optional(),
        jwksUri: url.optional(),
        notBeforeToleranceSeconds: values.notBeforeToleranceSeconds.default(
          values.NOT_BEFORE_TOLERANCE_DEFAULT_SECONDS,
        ),
      })
      .prefault({}),
    cache: z
      .strictObject({
        maxTtlSeconds: values.cacheMaxTtlSeconds.default(300),
        inactiveTtlSeconds: values.cacheInactiveTtlSeconds.default(10),
        authorizerResultTtlSeconds: z.int().min(0).max(3600).default(60),
        cacheControl: z.enum(['respect', 'ignore']).default('respect'),
        timeoutMilliseconds: values.cacheTimeoutMilliseconds.default(50),
        coalesceIntrospections: z.boolean().default(true),
      })
      .prefault({}),
    api: z.strictObject({
      type: z.enum(['REST', 'HTTP']).default('REST'),
      upstream: url,
      realm: values.realm.default('api'),
      scopes: z.array(values.scope).default([]),
      routes: z.array(route).min(1).optional(),
      cors: z.strictObject({ allowOrigins }).optional(),
      phantomTokenHeader: values.phantomTokenHeader.optional(),
      protectedResource: z
        .strictObject({
          resource: values
            .publishedUrl(local)
            .refine((value) => !value.endsWith('/'), 'must not end with a slash'),
          authorizationServers: z.array(values.publishedUrl(local)).min(1).optional(),
        })
        .optional(),
      usageIdentifierClaim: z.enum(['sub', 'client_id']).optional(),
    }),
    operations,
  });
}

/** What a deployment config file holds, with the defaults filled in. */
export interface DeploymentConfig extends z.output<ReturnType<typeof deploymentConfigSchema>> {}

/** The published JSON Schema of a config file, for editors; the checks of URLs and routes go further. */
export function configJsonSchema(): object {
  return z.toJSONSchema(deploymentConfigSchema({ local: false }), { io: 'input' });
}
