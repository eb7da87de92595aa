import { Lazy } from 'aws-cdk-lib';
import fc from 'fast-check';
import { PropError } from '../../../lib';
import type { RequiredScopes } from '../../../lib/scopes/route-scopes';
import {
  API_SCOPES_ONLY,
  isAtLeastAsStrict,
  requirementOf,
  withAudience,
} from '../../../lib/scopes/scope-requirement';
import { thrownBy } from '../../support/faults';

describe('requirementOf', () => {
  // The scopes include the separators that a requirement's name could contain.
  const universe = ['a', '|', '~', ','];
  const scopes = fc.array(fc.constantFrom(...universe), { maxLength: 4 });
  const alternatives = fc.array(
    fc.array(fc.constantFrom(...universe), { minLength: 1, maxLength: 4 }),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  const rule = fc.oneof(scopes, alternatives);
  const grants = Array.from({ length: 2 ** universe.length }, (_, bits) =>
    universe.filter((_, index) => bits & (1 << index)),
  );
  /** Returns for each set of granted scopes whether it meets the rule, as `RequiredScopes` documents it. */
  const acceptance = (required: RequiredScopes) =>
    grants
      .map((granted) => {
        const met = (list: readonly string[]) => list.every((scope) => granted.includes(scope));
        const [first] = required;
        if (first === undefined || typeof first === 'string') return met(required as string[]);
        return (required as readonly (readonly string[])[]).some(met);
      })
      .join();

  it('gives two requirements the same name exactly if they accept the same grants', () => {
    const byName = new Map<string, string>();
    const names = new Map<string, string>();

    // Compares every pair of generated rules.
    fc.assert(
      fc.property(rule, (required) => {
        const name = requirementOf(required).name;
        const accepted = byName.get(name) ?? acceptance(required);
        byName.set(name, accepted);
        const known = names.get(accepted) ?? name;
        names.set(accepted, known);

        expect(acceptance(required)).toBe(accepted);
        expect(known).toBe(name);
      }),
      { numRuns: 2000 },
    );
    expect(byName.size).toBeGreaterThan(50);
  });

  it('ignores order and duplicates of scopes in the name of a requirement', () => {
    fc.assert(
      fc.property(alternatives, fc.infiniteStream(fc.nat()), (given, draws) => {
        const shuffled = <T>(list: readonly T[]): T[] =>
          [...list, ...list.slice(0, 1)]
            .map((it) => ({ it, at: Number(draws.next().value) }))
            .sort((one, other) => one.at - other.at)
            .map(({ it }) => it);

        expect(requirementOf(shuffled(given.map(shuffled))).name).toBe(requirementOf(given).name);
      }),
    );
  });

  it('accepts a grant exactly if the scopes of the API and of the route accept it', () => {
    fc.assert(
      fc.property(fc.subarray(universe), rule, (apiScopes, required) => {
        const { alternatives } = requirementOf(required, apiScopes);
        const both = [acceptance(apiScopes), acceptance(required)].map((it) => it.split(','));

        expect(acceptance(alternatives)).toBe(
          grants.map((_, at) => both.every((accepted) => accepted[at] === 'true')).join(),
        );
      }),
    );
  });

  it('equals the requirement of the API if a route adds no scopes', () => {
    for (const scopes of [[], ['read'], [['read'], ['admin']], [['read', 'write']]]) {
      expect(requirementOf(scopes, ['read', 'write']).name).toBe(API_SCOPES_ONLY);
    }
    expect(requirementOf([['read'], ['admin']], ['read', 'write']).alternatives).toEqual([
      ['read', 'write'],
    ]);
  });

  it.each<[string, unknown]>([
    ['no characters', ['']],
    ['a space', ['a b']],
    ['a quote', ["it's"]],
    ['a double quote', [['a"']]],
    ['a backslash', ['a\\b']],
    ['a letter beyond ASCII', ['é']],
    ['a number', [1]],
    ['a value that is known only at deployment', [Lazy.string({ produce: () => 'a' })]],
  ])('rejects a scope that contains %s', (_, scopes) => {
    expect(thrownBy(() => requirementOf(scopes as RequiredScopes))).toMatchObject({
      name: 'PropError',
      message: expect.stringMatching(/^scopes must be one scope: .*, got: /),
    });
  });

  it.each<[string, unknown]>([
    ['a string', 'read'],
    ['a mix of scopes and lists', ['a', ['b']]],
    ['an empty list next to another', [['a'], []]],
    ['a single empty list', [[]]],
    ['null', null],
  ])('rejects %s instead of a list or lists of scopes', (_, scopes) => {
    expect(thrownBy(() => requirementOf(scopes as RequiredScopes))).toEqual(
      new PropError(
        'scopes must be a list of scopes, or a list of non-empty lists of scopes, got: ' +
          JSON.stringify(scopes),
      ),
    );
  });

  it('rejects a string and nested lists as scopes of the API', () => {
    for (const scopes of ['read', [['read']]] as unknown[]) {
      expect(thrownBy(() => requirementOf([], scopes as string[]))).toBeInstanceOf(PropError);
    }
  });

  it('rejects an invalid scope of the API', () => {
    expect(thrownBy(() => requirementOf([], ['a b']))).toHaveProperty('name', 'PropError');
  });
});

describe('isAtLeastAsStrict', () => {
  it.each<[string[] | undefined, string[] | undefined, boolean]>([
    [undefined, undefined, true],
    [['a'], ['a'], true],
    [['a'], ['a', 'b'], true],
    [['a', 'b'], ['a'], false],
    [['a'], ['b'], false],
    [['a'], undefined, false],
    [undefined, ['a'], false],
  ])(
    'a requirement with the audience %j is at least as strict as one with %j: %s',
    (audience, other, expected) => {
      const [one, two] = [audience, other].map((it) => withAudience(requirementOf(), it));

      expect(one && two && isAtLeastAsStrict(one, two)).toBe(expected);
    },
  );

  const all = ['a', 'b', 'c'];
  const lists = fc.array(fc.subarray(all, { minLength: 1 }), { minLength: 1, maxLength: 3 });
  const grants = fc.subarray(all);

  it('returns true exactly if every grant that meets the first requirement meets the second', () => {
    const met = (alternatives: readonly (readonly string[])[], granted: readonly string[]) =>
      alternatives.some((list) => list.every((scope) => granted.includes(scope)));

    fc.assert(
      fc.property(lists, lists, grants, (one, other, granted) => {
        const requirements = [requirementOf(one), requirementOf(other)] as const;
        if (isAtLeastAsStrict(...requirements)) {
          expect(met(other, granted) || !met(one, granted)).toBe(true);
        } else {
          expect(one.some((list) => !met(other, list))).toBe(true);
        }
      }),
    );
  });
});
