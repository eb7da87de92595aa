import { createInspector } from '../../local/inspector/inspector';
import type { ServedRequest } from '../../local/requests/served-request';
import { type Sandbox, startSandbox } from '../../local/stack/sandbox';

/** Sandbox with an inspector, and what its gateway did. */
export interface InspectedSandbox {
  readonly sandbox: Sandbox;
  readonly inspectorUrl: URL;
  /** Requests that the gateway served, in order. */
  readonly requests: readonly ServedRequest[];
  close(): Promise<void>;
}

export async function startInspectedSandbox({ mint = false } = {}): Promise<InspectedSandbox> {
  const inspector = createInspector();
  const requests: ServedRequest[] = [];
  const sandbox = await startSandbox({
    mint,
    log: () => {},
    onRequest: (request) => requests.push(request),
    observer: inspector.observer,
    onIntrospection: inspector.onIntrospection,
  });
  const server = await inspector.serve(0, { stack: sandbox.stack, sandbox });
  return {
    sandbox,
    requests,
    inspectorUrl: server.url,
    async close() {
      await server.close();
      await sandbox.close();
    },
  };
}
