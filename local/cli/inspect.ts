import type { PortChoice } from '../http-server';
import type { Inspector, InspectorTarget } from '../inspector/inspector';

/**
 * Serves an inspector and logs its URL.
 *
 * @throws PortTakenError if another program listens on the chosen port.
 */
export async function serveInspector(
  inspector: Inspector,
  port: PortChoice,
  target: InspectorTarget,
  log: (line: string) => void,
): Promise<{ readonly url: URL; close(): Promise<void> }> {
  const served = await inspector.serve(port, target);
  log(`inspector ${served.url.href}`);
  return served;
}
