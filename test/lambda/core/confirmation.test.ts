import { combineConfirmations, readConfirmations } from '../../../lambda/core/confirmation';

describe('readConfirmations', () => {
  it('reads every member of cnf, without a value unless it is a string', () => {
    expect(readConfirmations({ jkt: 'a', 'x5t#S256': 'b', jwk: {}, kid: 1 })).toEqual([
      { method: 'jkt', value: 'a' },
      { method: 'x5t#S256', value: 'b' },
      { method: 'jwk', value: undefined },
      { method: 'kid', value: undefined },
    ]);
  });

  it('reads no confirmations if cnf is absent', () => {
    expect(readConfirmations(undefined)).toBeUndefined();
  });

  it.each([null, 'x', ['x'], 7, {}])('reads an empty list of confirmations from cnf %j', (cnf) => {
    expect(readConfirmations(cnf)).toEqual([]);
  });
});

describe('combineConfirmations', () => {
  const [a, b] = [
    { method: 'jkt', value: 'a' },
    { method: 'jkt', value: 'b' },
  ];
  const certificate = { method: 'x5t#S256', value: 'a' };

  it.each([
    ['neither side', undefined, undefined, undefined],
    ['one side', [a], undefined, [a]],
    ['the other side', undefined, [a], [a]],
    ['two sides that agree', [a], [a], [a]],
    ['two sides with other methods', [a], [certificate], [a, certificate]],
    ['two sides that contradict each other', [a], [b], [a, b]],
    ['two sides that share one', [a, certificate], [b, certificate], [a, certificate, b]],
    ['a side without any', [], [a], [a]],
    ['another side without any', [a], [], [a]],
  ])('combined confirmations are all of those of %s, each once', (_, one, other, expected) => {
    expect(combineConfirmations(one, other)).toEqual(expected);
  });
});
