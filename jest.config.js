/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  transform: {
    '^.+\\.[tj]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // jose publishes ES modules only; jest runs CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  maxWorkers: '100%',
  // Two cores: a CDK synthesis, real crypto and process start-ups share them.
  testTimeout: 30_000,
  // Measured by `npm run test:coverage` only; V8 counts without changing the code.
  coverageProvider: 'v8',
  collectCoverageFrom: ['lambda/**/*.ts'],
  coverageReporters: ['text', 'html'],
  coverageThreshold: { global: { lines: 99, branches: 98 } },
};
