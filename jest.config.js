/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.ts',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // `npm run test:package` runs these, which install the packages that it packs.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/package/'],
  runtime: '<rootDir>/test/support/shared-modules-runtime.js',
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  maxWorkers: '100%',
  // When a worker ends, it removes the directories of its syntheses.
  workerGracefulExitTimeout: 10_000,
  // A CDK synthesis takes 3 s on an idle machine and ten times that on a loaded one.
  testTimeout: 120_000,
  // Measured by `npm run test:coverage` only; V8 counts without changing the code.
  coverageProvider: 'v8',
  collectCoverageFrom: ['lambda/**/*.ts'],
  coverageReporters: ['text', 'html'],
  coverageThreshold: { global: { lines: 99, branches: 98 } },
};
