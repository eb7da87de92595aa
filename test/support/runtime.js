const { createRequire } = require('node:module');
const { default: JestRuntime } = require('jest-runtime');

const SHARED =
  /^(?:aws-cdk-lib|constructs|cdk-nag|dynalite|fast-check|zod|jose|dpop|@aws-sdk)(?:\/|$)/;

/**
 * Jest runtime that loads large packages once per worker. In each test file of a construct this saves two seconds.
 *
 * The shared packages live outside the sandbox of a test file, as do their `process` and `Date`. They print to the
 * console of the running test file. `jose` and `dpop` publish ES modules only, which the sandbox cannot load.
 */
module.exports = class SharedModulesRuntime extends JestRuntime {
  constructor(config, environment, ...more) {
    super(config, environment, ...more);
    for (const print of ['error', 'warn']) {
      console[print] = (...values) => environment.global.console[print](...values);
    }
  }

  requireModuleOrMock(from, moduleName) {
    return SHARED.test(moduleName)
      ? createRequire(from)(moduleName)
      : super.requireModuleOrMock(from, moduleName);
  }
};
