const { createRequire } = require('node:module');
const { default: JestRuntime } = require('jest-runtime');

const PACKAGES =
  /^(?:aws-cdk-lib|constructs|cdk-nag|dynalite|fast-check|zod|jose|dpop|@aws-sdk)(?:\/|$)/;

/** Directory of what `global-setup.ts` compiles for the tests, from their support. */
const COMPILED = '../../dist/test/';

/**
 * Jest runtime that loads large packages, and what is compiled for the tests, outside the sandbox, with Node.js's cache of
 * compiled code.
 *
 * They have a `process` and a `Date` of their own, and print to the console of the running test file. `jose` and
 * `dpop` publish ES modules only, which the sandbox cannot load.
 */
module.exports = class NativePackagesRuntime extends JestRuntime {
  constructor(config, environment, ...more) {
    super(config, environment, ...more);
    for (const print of ['error', 'info', 'warn']) {
      console[print] = (...values) => environment.global.console[print](...values);
    }
  }

  requireModuleOrMock(from, moduleName) {
    return this.isNative(moduleName)
      ? createRequire(from)(moduleName)
      : super.requireModuleOrMock(from, moduleName);
  }

  isNative(moduleName) {
    return PACKAGES.test(moduleName) || moduleName.startsWith(COMPILED);
  }
};
