import { retainedBytes } from '../../../lambda/cache/retained-size';

const [STRING, ARRAY, OBJECT, SLOT, NUMBER] = [32, 64, 64, 8, 16];
/** Size of objects with one member each, at the depths whose keys all entries share. */
const SHARED_LEVELS = 3 * (OBJECT + SLOT);

test.each<[string, unknown, number]>([
  ['a number', 7, NUMBER],
  ['a Latin-1 text', 'é', STRING + 1],
  ['a text with one character beyond Latin-1', 'aé€', STRING + 6],
  ['null', null, 0],
  ['a truth value', true, 0],
  ['an empty list', [], ARRAY],
  ['a list', [1, 'ab'], ARRAY + 2 * SLOT + NUMBER + STRING + 2],
  ['an empty object', {}, OBJECT],
  ['an object', { a: 1, b: null }, OBJECT + 2 * SLOT + NUMBER],
  ['an object at the third level', { a: { b: { c: 1 } } }, SHARED_LEVELS + NUMBER],
  [
    'an object below, whose keys others choose',
    { a: { b: { c: { name: 1, '€': 2 } } } },
    SHARED_LEVELS + OBJECT + 2 * 160 + (STRING + 4) + (STRING + 2) + 2 * NUMBER,
  ],
])('the retained size of %s is that of its parts', (_, value, bytes) => {
  expect(retainedBytes(value)).toBe(bytes);
});

test('the retained size of a value that is nested deeper than the stack is computed', () => {
  const nested = JSON.parse('['.repeat(5000) + ']'.repeat(5000));
  let deep = nested;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];

  expect(retainedBytes(deep)).toBe(105_000 * ARRAY + 104_999 * SLOT);
});
