import { withProgress } from '../../terminal/progress';
import { type Closable, startAll } from '../closable';
import { createInspector } from '../inspector/inspector';
import type { RequestLog } from '../requests/request-log';
import type { LocalApi } from '../stack/api-servers';
import { type LocalStack, startLocalStack } from '../stack/local-stack';
import { type AppSource, synthesizeStack } from '../stack/synthesize';
import type { Arguments } from './arguments';
import { checkConfig } from './check-config';
import { serveInspector } from './inspect';
import { watchFiles } from './watch';

/** Number of routes to list for each API. */
const LISTED_ROUTES = 40;

/** Arguments, and the signal that ends the CDK app. */
type Served = Arguments & { readonly signal: AbortSignal };

/** Serves a stack until it is closed, and prints where. */
export async function serve(
  given: Served & { readonly secretValue: string | undefined },
  { log, onRequest }: RequestLog,
): Promise<Closable> {
  const { config, port, stage, maxEnvironments, secretValue, secrets, mutualTls, watch } = given;
  const { inspectorPort } = given;
  const source = sourceOf(given);
  const inspector = inspectorPort === undefined ? undefined : createInspector();
  return startAll(async (started) => {
    const stack = await withProgress('Synthesizing the stack', () =>
      startLocalStack({
        ...{ source, port, stage, secretValue, secrets, mutualTls, log, onRequest },
        observer: inspector?.observer,
        ...(maxEnvironments !== undefined && { maxEnvironments }),
      }),
    );
    started.push(stack);
    logRoutes(stack.apis, log);
    logMutualTls(stack, log);
    if (inspector) {
      started.push(await serveInspector(inspector, inspectorPort ?? 0, { stack }, log));
    }
    console.log(`ready ${stack.url.origin}`);
    if (watch) {
      const watcher = watchFiles(config ?? given.directory, () => reload(stack, given, log));
      started.push({ close: async () => watcher.close() });
    }
    return {};
  });
}

/** Continues with the stack as it is now. If that fails, the former one is still served. */
async function reload(stack: LocalStack, given: Served, log: (line: string) => void) {
  try {
    if (given.config !== undefined) checkConfig(given.config);
    await stack.replace(await synthesizeStack(sourceOf(given)));
    logRoutes(stack.apis, log);
    log('reloaded');
  } catch (error) {
    if (given.signal.aborted) return;
    log(`not reloaded, the former stack is still served: ${(error as Error).message}`);
  }
}

function sourceOf({ config, app, directory, context, stack, signal }: Served): AppSource {
  return app === undefined
    ? { context: { ...context, config: String(config) }, stack, signal }
    : { app, directory, context, stack, signal };
}

/** Logs each API with its routes, their authorizers and their targets. */
function logRoutes(apis: readonly LocalApi[], log: (line: string) => void): void {
  for (const { name, url, stage, routes } of apis) {
    log(`${name} ${url.origin}`);
    log(`  stage ${stage}, ${routes.length} routes`);
    for (const { route, authorizer, target } of routes.slice(0, LISTED_ROUTES)) {
      log(`  ${route}: ${authorizer ? `authorizer ${authorizer}` : 'public'} → ${target}`);
    }
    if (routes.length > LISTED_ROUTES) log(`  … ${routes.length - LISTED_ROUTES} more`);
  }
}

/** Logs the domain names with mutual TLS, and where the certificates are that were made for them. */
function logMutualTls({ mutualTls }: LocalStack, log: (line: string) => void): void {
  if (mutualTls === undefined) return;
  const { endpoints, directory } = mutualTls;
  for (const { domainName, url } of endpoints) {
    log(`${domainName} with client certificates ${url.href}`);
  }
  if (directory !== undefined) log(`  certificates for this run: ${directory}`);
}
