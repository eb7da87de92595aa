import { assertPortFree } from '../http-server';
import type { Arguments } from './arguments';
import { checkConfig } from './check-config';

/**
 * Checks what can fail before the app runs and before large modules are loaded.
 *
 * @throws UserError listing every fault of the config, or PortTakenError.
 */
export async function checkEarly({ config, port, inspectorPort }: Arguments): Promise<void> {
  if (config !== undefined) checkConfig(config);
  for (const chosen of [port, inspectorPort]) if (chosen) await assertPortFree(chosen);
}
