const { join, sep } = require('node:path');
const NativePackagesRuntime = require('./native-packages-runtime');

/** Registers the handlers of a test file while it is loaded. */
const PER_FILE = `${sep}jestAdapterInit.js`;

/** Runtime of the modules that all test files of the worker share. */
let shared;

/** Compiled modules of this worker, with their sources, by path. */
const compiled = new Map();

/**
 * Jest runtime that loads a module once per worker, not once per test file. Only what is in `test` is loaded for each
 * file, and each module from `jest.resetModules()`, `jest.isolateModules()` or a mock on.
 *
 * This needs one sandbox per worker, which is what `environment.ts` provides.
 */
module.exports = class SharedModulesRuntime extends NativePackagesRuntime {
  constructor(config, environment, resolver, transformer, cacheFS, coverage, testPath, ...more) {
    super(config, environment, resolver, transformer, cacheFS, coverage, testPath, ...more);
    // Coverage is counted by test file, hence with modules of its own.
    this.isolated = coverage.collectCoverage;
    if (!this.isolated) compileOnce(this.executor, testPath);
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
    if (this.isolated || this.isNative(moduleName) || this._resolution.isCoreModule(moduleName))
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

  async isolateModulesAsync(load) {
    const before = this.isolated;
    this.isolated = true;
    try {
      await super.isolateModulesAsync(load);
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

/**
 * Makes a runtime compile a module once per worker, not each time that a test file or a test loads it. The test file
 * itself is loaded once only.
 */
function compileOnce(executor, testPath) {
  const compile = executor.compile.bind(executor);
  executor.compile = (source, path) => {
    if (path === testPath) return compile(source, path);
    const known = compiled.get(path);
    if (known?.source === source) return known.body;
    const body = compile(source, path);
    compiled.set(path, { source, body });
    return body;
  };
}
