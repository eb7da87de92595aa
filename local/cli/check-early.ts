import { assertPortFree } from '../http-server';
import type { Arguments } from './arguments';
import { checkConfig } from './check-config';

/**
 * Checks what can fail before the app runs and before large modules are loaded.
 *
 * @throws UserError listing every fault of the config, or PortTakenError.
 */
export async function checkEarly({ config, port }: Arguments): Promise<void> {
  if (config !== undefined) checkConfig(config);
  if (port) await assertPortFree(port);
}
