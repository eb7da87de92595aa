import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Flag that this is compiled, as in `dist/cli/main.js`. */
const IS_COMPILED = __filename.endsWith('.js');

/** Directory of the project, or of the packed command line, whose files are at the same places. */
export const PROJECT = IS_COMPILED ? join(__dirname, '..', '..') : join(__dirname, '..');

/**
 * Flag that this is the package `phantom-token`, which has no sources. In a clone, npm scripts call the command line.
 */
export const IS_PACKED = !existsSync(join(PROJECT, 'cli'));
