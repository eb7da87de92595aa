import { DEFAULTS } from '../../../lib/validation/defaults';
import { readFiles } from '../../../scripts/check/files';
import { ROOT } from '../../support/root';

const SOURCE = readFiles(ROOT, ['lib'], '.ts')
  .map(({ text }) => text)
  .join('\n');

/** Returns the texts after `@default` in the doc comments of props with a name. */
function documentedDefaults(prop: string): readonly (string | undefined)[] {
  const withinComment = '(?:(?!\\*/)[^])*?';
  const pattern = new RegExp(
    `/\\*\\*${withinComment}@default (.+)\\n${withinComment}\\*/\\s+readonly ${prop}\\?:`,
    'g',
  );
  return [...SOURCE.matchAll(pattern)].map(([, text]) => text);
}

it.each([
  ['introspectionTimeout', `Duration.seconds(${DEFAULTS.introspectionTimeoutSeconds})`],
  ['notBeforeTolerance', `Duration.seconds(${DEFAULTS.notBeforeToleranceSeconds})`],
  ['cacheMaxTtl', `Duration.minutes(${DEFAULTS.cacheMaxTtlSeconds / 60})`],
  ['cacheInactiveTtl', `Duration.seconds(${DEFAULTS.cacheInactiveTtlSeconds})`],
  ['cacheTimeout', `Duration.millis(${DEFAULTS.cacheTimeoutMilliseconds})`],
  ['coalesceIntrospections', `${DEFAULTS.coalesceIntrospections}`],
  ['resultsCacheTtl', `Duration.seconds(${DEFAULTS.resultTtlSeconds})`],
  ['realm', DEFAULTS.realm],
  ['memorySize', `${DEFAULTS.memoryMegabytes}`],
  ['provisionedConcurrencyUtilization', `${DEFAULTS.provisionedConcurrencyUtilization}`],
  ['logIdentities', `${DEFAULTS.logIdentities}`],
])('the doc comment of the prop %s states its default %s', (prop, expected) => {
  expect(documentedDefaults(prop)).toEqual([expected]);
});
