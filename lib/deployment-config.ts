import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What may stand in a challenge's quoted values and in an API Gateway static value: no quotes. */
const realm = z
  .string()
  .regex(
    /^[\x20\x21\x23-\x26\x28-\x5B\x5D-\x7E]+$/,
    'must be printable ASCII without quotes and \\',
  );

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
const scope = z
  .string()
  .regex(
    /^[\x21\x23-\x26\x28-\x5B\x5D-\x7E]+$/,
    'must be one scope: printable ASCII without spaces, quotes and \\',
  );

const pathPattern = z
  .string()
  .regex(
    /^\/$|^(\/([\w.:-]+|\{\w+\}))*\/([\w.:-]+|\{\w+\+?\})$/,
    'must be a path such as /orders/{id} or /files/{proxy+}',
  );

const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'ANY'] as const;

const route = z
  .strictObject({
    method: z.enum(httpMethods),
    path: pathPattern,
    scopes: z.array(scope).default([]),
    public: z.boolean().default(false),
  })
  .refine((value) => !(value.public && value.scopes.length > 0), {
    path: ['scopes'],
    message: 'must be absent on a public route: nothing would check them',
  });

const secretArn = z
  .string()
  .regex(
    /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/,
    'must be the complete ARN of a secret, its six last characters included',
  );

/**
 * A URL the deployment calls. TLS always; only local mode takes `http:`, and for loopback hosts only.
 */
function url(local: boolean) {
  return z.string().superRefine((value, context) => {
    const fault = urlFault(value, local);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });
}

function urlFault(value: string, local: boolean): string | undefined {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (!parsed || !['https:', 'http:'].includes(parsed.protocol)) return 'must be an https: URL';
  if (parsed.username || parsed.password) return 'must not contain credentials';
  if (parsed.search || parsed.hash) return 'must not have a query or fragment';
  if (parsed.protocol === 'https:') return undefined;
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname);
  if (local && loopback) return undefined;
  return 'must be an https: URL (http: is accepted for loopback hosts in local mode only)';
}

/** The deployment config file. Unknown keys are errors. */
export function deploymentConfigSchema({ local }: { readonly local: boolean }) {
  return z.strictObject({
    $schema: z.string().optional(),
    stackName: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'must be letters, digits and hyphens')
      .default('PhantomToken'),
    introspection: z.strictObject({
      endpoint: url(local),
      response: z.literal('jwt').default('jwt'),
      clientAuthentication: z.literal('client_secret_basic').default('client_secret_basic'),
      credentialsSecretArn: secretArn.optional(),
      timeoutSeconds: z.number().positive().max(8).default(3),
    }),
    token: z
      .strictObject({
        issuer: z.string().min(1).optional(),
        audience: z
          .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
          .transform((value) => (typeof value === 'string' ? [value] : value))
          .optional(),
      })
      .prefault({}),
    cache: z
      .strictObject({
        maxTtlSeconds: z.number().min(0).max(86_400).default(300),
        inactiveTtlSeconds: z.number().min(0).max(3600).default(10),
        authorizerResultTtlSeconds: z.int().min(0).max(3600).default(60),
        cacheControl: z.enum(['respect', 'ignore']).default('respect'),
      })
      .prefault({}),
    api: z
      .strictObject({
        type: z.literal('REST').default('REST'),
        upstream: url(local),
        realm: realm.default('api'),
        scopes: z.array(scope).default([]),
        routes: z.array(route).min(1).optional(),
        cors: z
          .strictObject({
            allowOrigins: z
              .array(z.string().regex(/^(\*|https?:\/\/[^\s/'"]+)$/, 'must be * or an origin'))
              .min(1)
              .refine(
                (all) => all.length === 1 || !all.includes('*'),
                'must be * alone or origins',
              ),
          })
          .optional(),
      })
      .superRefine(({ routes = [], cors }, context) => {
        if (routes.length > 0 && routes.every((route) => route.public)) {
          const message = 'must hold a route that is not public: nothing would be protected';
          context.addIssue({ code: 'custom', path: ['routes'], message });
        }
        const known = new Set<string>();
        for (const [index, { method, path }] of routes.entries()) {
          const fault = (message: string) =>
            context.addIssue({ code: 'custom', path: ['routes', index], message });
          if (known.has(`${method} ${path}`)) fault(`repeats the route ${method} ${path}`);
          if (cors && method === 'OPTIONS') fault('clashes with cors, which answers OPTIONS');
          known.add(`${method} ${path}`);
        }
      }),
  });
}

export type DeploymentConfig = z.output<ReturnType<typeof deploymentConfigSchema>>;

/** The published JSON Schema of a config file, for editors; the checks of URLs and routes go further. */
export function configJsonSchema(): object {
  return z.toJSONSchema(deploymentConfigSchema({ local: false }), { io: 'input' });
}

/** The config file cannot be used; the message lists every fault with its path in the file. */
export class DeploymentConfigError extends Error {
  override readonly name = 'DeploymentConfigError';
}

/**
 * Reads a deployment config file.
 *
 * @throws DeploymentConfigError if it is missing, not JSON, or faulty.
 */
export function loadDeploymentConfig(
  file: string,
  mode: { readonly local: boolean },
): DeploymentConfig {
  const reading = deploymentConfigSchema(mode).safeParse(parseFile(file));
  if (reading.success) return reading.data;
  const faults = reading.error.issues.flatMap(describeIssue);
  throw new DeploymentConfigError(
    `${file} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults
      .map((fault) => `  ${fault}`)
      .join('\n')}`,
  );
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  const at = formatPath(issue.path);
  if (issue.code !== 'unrecognized_keys') return [`${at || '(file)'}: ${issue.message}`];
  return issue.keys.map((key) => `${at ? `${at}.` : ''}${key}: is not a known key`);
}

function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function parseFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new DeploymentConfigError(
      `${file} cannot be read: name your config file with -c config=FILE`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeploymentConfigError(`${file} is not JSON: ${reason}`);
  }
}
