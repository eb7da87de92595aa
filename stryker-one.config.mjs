import base from '/work/wt/mutants/stryker.config.mjs';
export default { ...base, mutate: ['lambda/core/comparison.ts'], concurrency: 1, timeoutMS: 6000, timeoutFactor: 3, disableTypeChecks: true, reporters: ['clear-text','json'], jsonReporter: { fileName: '/tmp/mut/comparison.json' }, thresholds: { high: 98, low: 95, break: null },
 jest: { ...base.jest, enableFindRelatedTests: false, config: { ...base.jest.config, testMatch: ['<rootDir>/test/lambda/core/comparison.test.ts',] } } };
