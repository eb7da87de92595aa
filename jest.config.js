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
  // Two cores: CDK syntheses, real crypto and process start-ups share them, with whatever else runs there.
  testTimeout: 120_000,
};
