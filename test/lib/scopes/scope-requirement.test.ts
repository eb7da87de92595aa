import { Lazy } from 'aws-cdk-lib';
import fc from 'fast-check';
import { PropError } from '../../../lib';
import type { RequiredScopes } from '../../../lib/scopes/route-scopes';
import {
  API_SCOPES_ONLY,
  isAtLeastAsStrict,
  requirementOf,
  scopesOfEvery,
} from '../../../lib/scopes/scope-requirement';
import { thrownBy } from '../../support/faults';

describe('requirementOf', () => {
  // The characters are those that a requirement's name could be made of.
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
  /** For each set of granted scopes, whether the rule is met: read from the rule as its docs say. */
  const acceptance = (required: RequiredScopes) =>
    grants
      .map((granted) => {
        const met = (list: readonly string[]) => list.every((scope) => granted.includes(scope));
        const [first] = required;
        if (first === undefined || typeof first === 'string') return met(required as string[]);
        return (required as readonly (readonly string[])[]).some(met);
      })
      .join();

  it('names alike what is accepted alike, whatever was granted, and nothing else', () => {
    const byName = new Map<string, string>();
    const names = new Map<string, string>();

    // Every pair of rules that were drawn, not only neighbours.
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

  it('names alike what is required by a list in any order, with any repetition', () => {
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

  it('accepts what the scopes of the API and those of the route accept', () => {
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

  it('is that of the API alone where a route asks for nothing that the API does not', () => {
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
    ['what is known at the deployment only', [Lazy.string({ produce: () => 'a' })]],
  ])('refuses scopes that hold %s', (_, scopes) => {
    expect(thrownBy(() => requirementOf(scopes as RequiredScopes))).toMatchObject({
      name: 'PropError',
      message: expect.stringMatching(/^scopes must be one scope: .*, but is /),
    });
  });

  it.each<[string, unknown]>([
    ['a string', 'read'],
    ['scopes and lists side by side', ['a', ['b']]],
    ['an empty list beside another', [['a'], []]],
    ['an empty list alone', [[]]],
    ['null', null],
  ])('refuses %s in place of a list or lists', (_, scopes) => {
    expect(thrownBy(() => requirementOf(scopes as RequiredScopes))).toEqual(
      new PropError(
        'scopes must be a list of scopes, or a list of such lists of which none is empty, but is ' +
          JSON.stringify(scopes),
      ),
    );
  });

  it('refuses a string, and lists, in place of the scopes of the API', () => {
    for (const scopes of ['read', [['read']]] as unknown[]) {
      expect(thrownBy(() => requirementOf([], scopes as string[]))).toBeInstanceOf(PropError);
    }
  });

  it('refuses such scopes of the API too', () => {
    expect(thrownBy(() => requirementOf([], ['a b']))).toHaveProperty('name', 'PropError');
  });
});

describe('a requirement', () => {
  const all = ['a', 'b', 'c'];
  const lists = fc.array(fc.subarray(all, { minLength: 1 }), { minLength: 1, maxLength: 3 });
  const grants = fc.subarray(all);

  it('implies another if whatever was granted for it does for the other too, and only then', () => {
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

describe('the scopes that challenges name', () => {
  const every = (apiScopes: readonly string[], ...routes: RequiredScopes[]) =>
    scopesOfEvery(
      routes.map((scopes) => requirementOf(scopes, apiScopes)),
      apiScopes,
    );

  it('are those that no alternative of any route does without, those of the API first', () => {
    expect(every(['read'], ['x', 'y'], [['x'], ['x', 'z']])).toEqual(['read', 'x']);
    expect(every(['z'], ['b', 'a'], ['a', 'b'])).toEqual(['z', 'b', 'a']);
  });

  it('are none where routes have none in common', () => {
    expect(every([], ['x'], [])).toEqual([]);
    expect(every([], [['x'], ['y']])).toEqual([]);
  });

  it('are those of the API where there are no routes', () => {
    expect(every(['read'])).toEqual(['read']);
  });
});
