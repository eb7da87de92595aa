import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Missing prerequisite of the machine. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Arguments that keep pages from other servers: the sign-in pages of oidc-provider load fonts from the Internet. */
const LOOPBACK_ONLY = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

/**
 * Starts an installed Chromium or Chrome.
 *
 * @throws UnavailableError if there is none.
 */
export async function launchBrowser(environment: NodeJS.ProcessEnv): Promise<Browser> {
  const executablePath = findBrowser(environment);
  if (executablePath === undefined) {
    throw new UnavailableError(
      `Chromium or Chrome is required: install one of ${COMMANDS.join(', ')}, or set CHROMIUM_PATH`,
    );
  }
  // Chromium's sandbox does not work for root, which many containers run as.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...LOOPBACK_ONLY, ...asRoot] });
}

function findBrowser({ CHROMIUM_PATH, PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const commands = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...commands, ...APPLICATIONS].find(existsSync);
}
