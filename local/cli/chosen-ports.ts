import { UsageError } from '../../terminal/user-error';
import { assertPortFree } from '../http-server';

/** Ports that options name. 0 stands for any free one. */
interface ChosenPorts {
  readonly port?: number | undefined;
  readonly inspectorPort?: number | undefined;
}

/**
 * Checks that servers can listen on the chosen ports.
 *
 * @throws UsageError if both are the same.
 * @throws PortTakenError if another program listens on one.
 */
export async function checkChosenPorts({ port, inspectorPort }: ChosenPorts): Promise<void> {
  if (port && port === inspectorPort) {
    throw new UsageError(`--port and --inspector-port must differ, got: ${port} for both`);
  }
  for (const chosen of [port, inspectorPort]) if (chosen) await assertPortFree(chosen);
}
