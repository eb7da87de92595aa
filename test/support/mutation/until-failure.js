const { default: TestRunner } = require('jest-runner');

/**
 * Runner of jest that runs no further test file once a test has failed. The option `bail` ends the process where a
 * program has called jest.
 *
 * Jest drops results that come after the interruption. Its own listener comes first, and counts the failure.
 *
 * @see https://github.com/jestjs/jest/issues/11766
 */
module.exports = class UntilFailure extends TestRunner {
  runTests(tests, watcher, options) {
    const interrupt = () => watcher.setState({ interrupted: true });
    this.on('test-file-success', ([, { numFailingTests }]) => numFailingTests > 0 && interrupt());
    this.on('test-file-failure', interrupt);
    return super.runTests(tests, watcher, options);
  }
};
