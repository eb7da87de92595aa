import { PortTakenError } from '../http-server';
import type { Inspector } from '../inspector/inspector';
import type { LocalStack } from '../stack/local-stack';
import type { Sandbox } from '../stack/sandbox';

/** Port of the inspector unless one is chosen or it is taken. */
const DEFAULT_PORT = 4040;

/**
 * Serves the inspector of a stack and logs its URL.
 *
 * @param port Default: 4040, or a free one if that is taken.
 * @throws PortTakenError if another program listens on the chosen port.
 */
export async function serveInspector(
  inspector: Inspector,
  port: number | undefined,
  target: { readonly stack: LocalStack; readonly sandbox?: Sandbox },
  log: (line: string) => void,
): Promise<{ readonly url: URL; close(): Promise<void> }> {
  const served = await inspector.serve(port ?? DEFAULT_PORT, target).catch((error: Error) => {
    if (port !== undefined || !(error instanceof PortTakenError)) throw error;
    return inspector.serve(0, target);
  });
  log(`inspector ${served.url.href}`);
  return served;
}
