const { createRequire } = require('node:module');
const { default: JestRuntime } = require('jest-runtime');

const SHARED =
  /^(?:aws-cdk-lib|constructs|cdk-nag|dynalite|fast-check|zod|jose|dpop|@aws-sdk)(?:\/|$)/;

/**
 * Jest runtime that loads the CDK once per worker, which saves two seconds in each test file of a construct.
 *
 * The shared modules live outside the sandbox of a test file. They print to the console of the running one.
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
