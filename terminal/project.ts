import { join } from 'node:path';

/** Flag that this is the packed command, which is compiled. In a clone npm scripts call it. */
export const IS_PACKED = __filename.endsWith('.js');

/** Directory of the project, or of the packed command, whose files are at the same places. */
export const PROJECT = IS_PACKED ? join(__dirname, '..', '..') : join(__dirname, '..');
