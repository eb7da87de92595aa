/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config'),
  roots: ['<rootDir>/test/package'],
  testPathIgnorePatterns: [],
};
