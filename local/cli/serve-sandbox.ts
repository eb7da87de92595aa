import { printNotice, withProgress } from '../../terminal/progress';
import { type Closable, startAll } from '../closable';
import type { PortChoice } from '../http-server';
import { createInspector } from '../inspector/inspector';
import type { RequestLog } from '../requests/request-log';
import { type Sandbox, type SandboxOptions, startSandbox } from '../stack/sandbox';
import { checkChosenPorts } from './chosen-ports';
import { DEVELOPMENT_PORTS, developmentSecret } from './development';
import { serveInspector } from './inspect';
import { instructions } from './instructions';

/**
 * Serves a stack between an embedded authorization server and a sample API, and prints how to call it. Ports and secrets
 * are the same at each start, as far as the ports are free.
 */
export async function serveSandbox(
  {
    port,
    inspectorPort,
    ...options
  }: Pick<SandboxOptions, 'app' | 'mint' | 'signal'> & {
    readonly port?: number;
    readonly inspectorPort?: number;
  },
  { log, onRequest }: RequestLog,
): Promise<Closable> {
  await checkChosenPorts({ port, inspectorPort });
  const inspector = createInspector();
  const { observer, onIntrospection } = inspector;
  console.log('Synthesizing the stack and starting it on this machine …');
  return startAll(async (started) => {
    const sandbox = await withProgress('Synthesizing', () =>
      startSandbox({
        ...options,
        ...{ log, onRequest, observer, onIntrospection },
        port: port ?? preferred('api'),
        awsPort: preferred('aws'),
        ports: {
          authorizationServer: preferred('authorizationServer'),
          upstream: preferred('upstream'),
        },
        clientSecret: developmentSecret,
      }),
    );
    started.push(sandbox);
    for (const notice of otherPorts(sandbox, port)) printNotice(notice);
    const target = { stack: sandbox.stack, sandbox };
    const choice = inspectorPort ?? preferred('inspector');
    const inspecting = await serveInspector(inspector, choice, target, log);
    started.push(inspecting);
    console.log(instructions(sandbox, inspecting.url));
    return {};
  });
}

function preferred(name: keyof typeof DEVELOPMENT_PORTS): PortChoice {
  return { preferred: DEVELOPMENT_PORTS[name] };
}

/** Returns a notice for each server whose port is another one than the documented. */
function otherPorts(
  { authorizationServer, upstream, stack }: Sandbox,
  port: number | undefined,
): readonly string[] {
  const servers = [
    ...(port === undefined ? [['the API', DEVELOPMENT_PORTS.api, stack.url.href] as const] : []),
    [
      'the authorization server',
      DEVELOPMENT_PORTS.authorizationServer,
      authorizationServer.issuer,
    ] as const,
    ['the upstream API', DEVELOPMENT_PORTS.upstream, upstream.url.href] as const,
    ...(stack.awsEndpoint
      ? [['the AWS endpoint', DEVELOPMENT_PORTS.aws, stack.awsEndpoint.href] as const]
      : []),
  ];
  return servers.flatMap(([name, expected, url]) => {
    const actual = Number(new URL(url).port);
    return actual === expected
      ? []
      : [`port ${expected} on 127.0.0.1 is in use: ${name} listens on port ${actual}`];
  });
}
