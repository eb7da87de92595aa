import { memberAt } from '../../../lambda/core/member-path';

describe('memberAt', () => {
  const members = {
    ext: { tenant: 'blue', 'a.b': 1 },
    'https://ns.example.com/plan': { level: 'gold' },
    list: [{ name: 'x' }],
    text: 'abc',
    empty: null,
    unnamed: { '': { x: 2 } },
  };

  it.each([
    ['text', 'abc'],
    ['ext.tenant', 'blue'],
    ['ext.a.b', 1],
    ['https://ns.example.com/plan.level', 'gold'],
    ['empty', null],
    ['unnamed..x', 2],
  ])('memberAt returns the member at %s', (path, value) => {
    expect(memberAt(members, path)).toBe(value);
  });

  it.each([
    '',
    'none',
    'ext.none',
    'text.length',
    'list.0',
    'list.length',
    'empty.x',
    'ext.',
    'unnamed.ax',
    '.ext',
  ])('memberAt returns nothing for the path "%s"', (path) => {
    expect(memberAt(members, path)).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'constructor.name', 'ext.toString', 'hasOwnProperty'])(
    'memberAt finds nothing inherited at %s',
    (path) => {
      expect(memberAt(members, path)).toBeUndefined();
    },
  );

  it('memberAt prefers the member that has the path as its name', () => {
    expect(memberAt({ 'a.b': 1, a: { b: 2 } }, 'a.b')).toBe(1);
  });
});
