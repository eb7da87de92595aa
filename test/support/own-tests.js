const { existsSync, readdirSync } = require('node:fs');
const { basename, dirname, join, relative, resolve, sep } = require('node:path');

const LAMBDA = `${sep}lambda${sep}`;
const TESTS = `${sep}test${LAMBDA}`;

/** Returns the name before the first dot: `claims` of `claims.property.test.ts`. */
const nameOf = (path) => basename(path).split('.')[0];

/** Returns whether a module of `lambda` has a test file of its own in the mirrored folder. */
function hasOwnTest(path) {
  const folder = dirname(path).replace(LAMBDA, TESTS);
  return existsSync(folder) && readdirSync(folder).some((name) => nameOf(name) === nameOf(path));
}

/**
 * Dependency extractor of jest by which the related tests of a module are its own: those of the same name, in the
 * mirrored folder. A module without any has the tests of the modules that import it.
 *
 * @see https://jestjs.io/docs/configuration#dependencyextractor-string
 */
module.exports = {
  getCacheKey: () => '1',
  extract(code, path, extractAll) {
    const imported = [...extractAll(code, path)].filter((name) => {
      const module = resolve(dirname(path), name);
      return name.startsWith('.') && module.includes(LAMBDA) && !hasOwnTest(module);
    });
    return path.includes(TESTS) ? [ownModule(path), ...imported] : imported;
  },
};

/** Returns the relative path, without its ending, of the module that a test file mirrors. */
function ownModule(path) {
  const module = join(dirname(path).replace(TESTS, LAMBDA), nameOf(path));
  return relative(dirname(path), module);
}
