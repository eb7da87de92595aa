const { basename } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** Returns the name before the first dot: `claims` of `claims.property.test.ts`. */
const nameOf = (path) => basename(path).split('.')[0];

/**
 * Test sequencer of jest that runs first the tests of the mutated file, those of the same name, and the others by
 * name.
 *
 * @see https://jestjs.io/docs/configuration#testsequencer-string
 */
module.exports = class OwnTestsFirst extends Sequencer {
  constructor(options) {
    super(options);
    this.mutated = new Set(options.globalConfig.nonFlagArgs.map(nameOf));
  }

  sort(tests) {
    const rank = ({ path }) => (this.mutated.has(nameOf(path)) ? 0 : 1);
    return [...tests].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }
};
