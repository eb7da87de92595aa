/**
 * Mutation tests of the pure core and the caches: each mutant is one change to the code that some test
 * has to notice. A score below 95 % fails. For one file: `npm run test:mutation -- --mutate lambda/core/json.ts`.
 *
 * Duration: a mutant costs about 0.7 s where a test of its own file notices it, and several seconds where all tests
 * that import the file run. All of lambda/core and lambda/cache take an hour or more; one file takes minutes.
 *
 * Mutants that throw while a test file is loaded are reported as errors and do not count: tests do their
 * work inside `it`.
 *
 * @see https://stryker-mutator.io/docs/stryker-js/configuration/
 */
export default {
  mutate: ['lambda/core/**/*.ts', 'lambda/cache/**/*.ts'],
  testRunner: 'jest',
  // The sandbox links node_modules, so that npm installs nothing.
  plugins: ['@stryker-mutator/jest-runner'],
  jest: {
    configFile: 'jest.config.js',
    // Tests that do not import the mutated file are not run. Those of the same name run first, up to a failure.
    enableFindRelatedTests: true,
    config: {
      // Mutants are not in the bundle, so nothing is built.
      globalSetup: null,
      // Stryker wraps the environment itself, and does not resolve <rootDir>.
      testEnvironment: 'node',
      // A mutant can change what a module computes while it is loaded, so test files do not share modules.
      runtime: './test/support/native-packages-runtime.js',
      testSequencer: './test/support/mutation/own-tests-first.js',
      runner: './test/support/mutation/until-failure.js',
      setupFiles: ['<rootDir>/test/support/mutation/short-properties.ts'],
      // They take seconds, or run a whole deployment. Unit tests have to notice a mutant too.
      testPathIgnorePatterns: [
        '\\.(heap|property)\\.',
        '/(frozen-environment|token-cache-faults)\\.',
      ],
      // Tests that use neither sockets nor timers: a mutant takes a second, not a minute.
      // Jest relates a test to a file through the modules under these roots and in the folder of the file only.
      roots: ['<rootDir>/test/lambda', '<rootDir>/test/support'],
      testMatch: ['**/lambda/{core,cache}/**/*.test.ts', '**/lambda/authorizer.test.ts'],
    },
  },
  coverageAnalysis: 'perTest',
  incremental: false,
  concurrency: 2,
  // Long, so that a busy machine is not taken for a mutant that loops: a timeout counts as noticed.
  timeoutMS: 20_000,
  thresholds: { high: 98, low: 95, break: 95 },
  reporters: ['clear-text', 'html', 'progress'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  ignorePatterns: ['bench', 'cdk.out', 'coverage', 'dist', 'docs', 'examples', 'reports'],
};
