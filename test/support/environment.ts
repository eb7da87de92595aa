import { TestEnvironment } from 'jest-environment-node';

/**
 * Node.js environment whose child processes print without colors, in a terminal and in a pipe.
 *
 * jest-worker sets `FORCE_COLOR` for its workers where standard output supports colors, and child
 * processes inherit it. A setup file cannot remove it: it sees a copy of `process.env` only.
 *
 * @see https://github.com/jestjs/jest/blob/v30.0.0/packages/jest-worker/src/workers/ChildProcessWorker.ts
 * @see https://nodejs.org/docs/latest-v20.x/api/cli.html#force_color1-2-3
 */
export default class PlainOutputEnvironment extends TestEnvironment {
  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    delete process.env['FORCE_COLOR'];
    super(...args);
  }
}
