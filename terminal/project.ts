import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Flag that this is in the compiled command line, `dist/cli/main.js`. */
const IS_COMPILED = __filename.endsWith('.js');

/** Directory of the project, or of the packed command line, whose files are at the same places. */
export const PROJECT = IS_COMPILED ? join(__dirname, '..', '..') : join(__dirname, '..');

/** Flag that this is the packed command line, which has no sources. In a clone npm scripts call it. */
export const IS_PACKED = !existsSync(join(PROJECT, 'cli'));
