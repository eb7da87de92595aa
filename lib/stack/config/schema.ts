import { z } from 'zod';
import * as values from '../../validation/shared-schemas';
import { apiSchema } from './api-schema';
import { cacheSchema } from './cache-schema';
import { introspectionSchema } from './introspection-schema';
import { operationsSchema } from './operations-schema';
import { tokenSchema } from './token-schema';

/** Schemas by `local`. To create one takes longer than to read a config file. */
const schemas = new Map<boolean, ReturnType<typeof createSchema>>();

/** Returns the schema of the deployment config file. Unknown keys are errors. */
export function deploymentConfigSchema({ local }: { readonly local: boolean }) {
  const schema = schemas.get(local) ?? createSchema(local);
  schemas.set(local, schema);
  return schema;
}

function createSchema(local: boolean) {
  const url = values.url(local);
  return z.strictObject({
    $schema: z.string().optional().meta({
      description: 'JSON Schema of this file, for completion and validation in editors.',
      valueType: 'a URL or a path',
      whenAbsent: 'none',
    }),
    stackName: z
      .string()
      .regex(
        /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
        'must be at most 128 letters, digits and hyphens, with a letter first',
      )
      .default('PhantomToken')
      .meta({
        description: 'Name of the CloudFormation stack.',
        valueType: 'a name of letters, digits and hyphens',
      }),
    introspection: introspectionSchema(url).meta({
      description: 'Requests to the authorization server.',
    }),
    token: tokenSchema(url).meta({ description: 'Checks of the phantom token.' }),
    cache: cacheSchema.meta({ description: 'Lifetimes and behavior of the caches.' }),
    api: apiSchema(url, values.publishedUrl(local), values.baseUrl(local)).meta({
      description: 'The API that is deployed, and its upstream.',
    }),
    operations: operationsSchema.meta({
      description: 'Capacity, network, alarms and logs of the function.',
    }),
  });
}

/** Content of a deployment config file, with the defaults filled in. */
export interface DeploymentConfig extends z.output<ReturnType<typeof deploymentConfigSchema>> {}
