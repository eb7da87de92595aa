const { createRequire } = require('node:module');
const { join, sep } = require('node:path');
const { default: JestRuntime } = require('jest-runtime');

const NATIVE =
  /^(?:aws-cdk-lib|constructs|cdk-nag|dynalite|fast-check|zod|jose|dpop|@aws-sdk)(?:\/|$)/;

/** Registers the handlers of a test file while it is loaded. */
const PER_FILE = `${sep}jestAdapterInit.js`;

/**
 * Jest runtime that loads large packages outside the sandbox, with Node.js's cache of compiled code.
 *
 * They have a `process` and a `Date` of their own, and print to the console of the running test file. `jose` and
 * `dpop` publish ES modules only, which the sandbox cannot load.
 */
class NativePackagesRuntime extends JestRuntime {
  requireModuleOrMock(from, moduleName) {
    return NATIVE.test(moduleName)
      ? createRequire(from)(moduleName)
      : super.requireModuleOrMock(from, moduleName);
  }
}

/** Runtime of the modules that all test files of the worker share. */
let shared;

/**
 * Jest runtime that loads a module once per worker, not once per test file. Only what is in `test` is loaded for each
 * file, and each module from `jest.resetModules()`, `jest.isolateModules()` or a mock on.
 *
 * This needs one sandbox per worker, which is what `environment.ts` provides.
 */
module.exports = class SharedModulesRuntime extends NativePackagesRuntime {
  constructor(config, environment, resolver, transformer, cacheFS, coverage, ...more) {
    super(config, environment, resolver, transformer, cacheFS, coverage, ...more);
    for (const print of ['error', 'warn']) {
      console[print] = (...values) => environment.global.console[print](...values);
    }
    // Coverage is counted by test file, hence with modules of its own.
    this.isolated = coverage.collectCoverage;
    this.ownFolder = join(config.rootDir, 'test') + sep;
    shared ??= new NativePackagesRuntime(
      config,
      environment,
      resolver,
      transformer,
      new Map(),
      coverage,
      '',
    );
  }

  requireModuleOrMock(from, moduleName) {
    return this.isShared(from, moduleName)
      ? shared.requireModuleOrMock(from, moduleName)
      : super.requireModuleOrMock(from, moduleName);
  }

  requireInternalModule(from, to) {
    return from.endsWith(PER_FILE) && to === undefined
      ? super.requireInternalModule(from, to)
      : shared.requireInternalModule(from, to);
  }

  isShared(from, moduleName) {
    if (this.isolated || NATIVE.test(moduleName) || this._resolution.isCoreModule(moduleName))
      return false;
    return !this._resolution.resolveCjs(from, moduleName).startsWith(this.ownFolder);
  }

  isolateModules(load) {
    const before = this.isolated;
    this.isolated = true;
    try {
      super.isolateModules(load);
    } finally {
      this.isolated = before;
    }
  }

  resetModules() {
    this.isolated = true;
    super.resetModules();
  }

  setMock(...mock) {
    this.isolated = true;
    super.setMock(...mock);
  }

  getSourceMaps() {
    const own = super.getSourceMaps();
    const others = shared.getSourceMaps();
    return {
      get: (path) => own.get(path) ?? others.get(path),
      *[Symbol.iterator]() {
        yield* own;
        yield* others;
      },
    };
  }
};
