import type { Arguments } from './arguments';
import { checkConfig } from './check-config';
import { checkChosenPorts } from './chosen-ports';

/**
 * Checks what can fail before the app runs and before large modules are loaded.
 *
 * @throws UserError listing every fault of the config, or naming a port that cannot be used.
 */
export async function checkEarly(given: Arguments): Promise<void> {
  if (given.config !== undefined) checkConfig(given.config);
  await checkChosenPorts(given);
}
