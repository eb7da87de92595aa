import fc from 'fast-check';
import { type RequiredScopes, type Route, requirementOf } from '../../lib/route-scopes';
import { MAX_AUTHORIZERS, shareAuthorizers } from '../../lib/shared-authorizers';

const route = (path: string, scopes?: RequiredScopes): Route => ({
  method: 'GET',
  path,
  ...(scopes && { scopes }),
});
const open = (path: string): Route => ({ method: 'GET', path, public: true });
/** So many routes, none of which requires what another does. */
const different = (count: number) =>
  Array.from({ length: count }, (_, index) => route(`/${index}`, [`scope-${index}`]));

/** Which authorizer each route gets, and all that were made for it. */
function share(routes: readonly Route[]) {
  const made: { readonly id: string; readonly keyedByRoute: boolean }[] = [];
  const authorizerFor = shareAuthorizers(routes, (id, options) => {
    const authorizer = { id, ...options };
    made.push(authorizer);
    return authorizer;
  });
  const of = routes.filter((it) => !it.public).map(authorizerFor);
  return { of, ids: of.map(({ id }) => id), made };
}

describe('routes that require the same', () => {
  it.each<[string, RequiredScopes, RequiredScopes]>([
    ['the same scope', ['a'], ['a']],
    ['scopes in another order', ['a', 'b'], ['b', 'a']],
    ['a scope several times', ['a', 'b'], ['b', 'a', 'b', 'a']],
    ['a list, and a list of that list alone', ['a', 'b'], [['b', 'a']]],
    ['alternatives in another order', [['a'], ['b', 'c']], [['c', 'b'], ['a']]],
    ['an alternative several times', [['a'], ['b']], [['b'], ['a'], ['b', 'b']]],
    ['nothing, and nothing among alternatives', [], [['a'], []]],
  ])('share an authorizer: %s', (_, one, other) => {
    const { of, made } = share([route('/one', one), route('/other', other)]);

    expect(of[0]).toBe(of[1]);
    expect(made).toEqual([{ id: of[0]?.id, keyedByRoute: false }]);
  });

  it('share one of a plain name where they require nothing', () => {
    expect(share([route('/one'), route('/two', [])]).made).toEqual([
      { id: 'RequestAuthorizer', keyedByRoute: false },
    ]);
  });
});

describe('routes that require something else', () => {
  it.each<[string, RequiredScopes, RequiredScopes]>([
    ['another scope', ['a'], ['b']],
    ['one more scope', ['a'], ['a', 'b']],
    ['a scope, and none', ['a'], []],
    ['a scope in another case', ['a'], ['A']],
    ['both, and any of both', ['a', 'b'], [['a'], ['b']]],
    ['one more alternative', [['a'], ['b']], [['a'], ['b'], ['c']]],
    ['scopes divided otherwise', [['a', 'b'], ['c']], [['a'], ['b', 'c']]],
    ['scopes that run together alike', ['ab', 'c'], ['a', 'bc']],
    ['all of three, one a bar, and any of two', ['a', '|', '~'], [['a'], ['~']]],
    ['two scopes, and one with a comma', ['a', 'b'], ['a,b']],
    ['two scopes, and one with a space', ['a', 'b'], ['a b']],
    ['a scope of no characters, and none', [''], []],
    // Their digests begin alike, as far as an id goes.
    ['scopes whose ids are the same', ['scope-10441'], ['scope-33766']],
  ])('never share an authorizer: %s', (_, one, other) => {
    const { of, made } = share([route('/one', one), route('/other', other)]);

    expect(of[0]).not.toBe(of[1]);
    expect(made).toHaveLength(2);
  });
});

describe('the id of an authorizer', () => {
  it('stays when other routes come, go and change places', () => {
    const [first = route('/'), second = route('/'), ...others] = different(6);
    const [id] = share([first]).ids;

    expect(share([first, second, ...others]).ids[0]).toBe(id);
    expect(share([...others, second, first]).ids.at(-1)).toBe(id);
    expect(share([open('/health'), first]).ids).toEqual([id]);
    expect(share([{ ...first, method: 'ANY', path: '/elsewhere' }]).ids).toEqual([id]);
  });

  it('can be the id of a construct', () => {
    const { ids } = share([route('/a'), route('/b', ['urn:x/y |~']), route('/c', [['a'], ['b']])]);

    for (const id of ids) expect(id).toMatch(/^RequestAuthorizer[0-9a-f]*$/);
  });
});

describe('the number of authorizers', () => {
  it('is that of the requirements, up to what API Gateway has', () => {
    const { made, ids } = share(different(10));

    expect(MAX_AUTHORIZERS).toBe(10);
    expect(new Set(ids).size).toBe(10);
    expect(made.map(({ keyedByRoute }) => keyedByRoute)).toEqual(Array(10).fill(false));
  });

  it('is one beyond that, whose results hold for their own route', () => {
    const { made, of } = share(different(11));

    expect(made).toEqual([{ id: 'RequestAuthorizer', keyedByRoute: true }]);
    expect(new Set(of).size).toBe(1);
  });

  it('does not grow with routes that require what others do, nor with public ones', () => {
    const again = different(10).map((it) => ({ ...it, method: 'POST' }));
    const { made } = share([...different(10), ...again, open('/health'), open('/version')]);

    expect(made).toHaveLength(10);
    expect(made[0]).toHaveProperty('keyedByRoute', false);
  });

  it('counts routes that require nothing', () => {
    expect(share([...different(9), route('/free')]).made).toHaveLength(10);
    expect(share([...different(10), route('/free')]).made).toEqual([
      { id: 'RequestAuthorizer', keyedByRoute: true },
    ]);
  });

  it('is none where all routes are public', () => {
    expect(share([open('/health')]).made).toEqual([]);
  });
});

describe('requirementOf', () => {
  // The characters are those that a requirement's name could be made of.
  const universe = ['a', '|', '~', ','];
  const scopes = fc.array(fc.constantFrom(...universe), { maxLength: 4 });
  const rule = fc.oneof(scopes, fc.array(scopes, { minLength: 1, maxLength: 3 }));
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

  it('names alike only what is accepted alike, whatever was granted', () => {
    const byName = new Map<string, string>();

    // Every pair of rules that were drawn, not only neighbours.
    fc.assert(
      fc.property(rule, (required) => {
        const name = requirementOf(route('/', required));
        const accepted = byName.get(name) ?? acceptance(required);
        byName.set(name, accepted);

        expect(acceptance(required)).toBe(accepted);
      }),
      { numRuns: 2000 },
    );
    expect(byName.size).toBeGreaterThan(100);
  });

  it('names alike what is required by a list in any order, with any repetition', () => {
    fc.assert(
      fc.property(
        fc.array(scopes, { minLength: 1, maxLength: 3 }),
        fc.infiniteStream(fc.nat()),
        (alternatives, draws) => {
          const shuffled = <T>(list: readonly T[]): T[] =>
            [...list, ...list.slice(0, 1)]
              .map((it) => ({ it, at: Number(draws.next().value) }))
              .sort((one, other) => one.at - other.at)
              .map(({ it }) => it);

          expect(requirementOf(route('/', shuffled(alternatives.map(shuffled))))).toBe(
            requirementOf(route('/', alternatives)),
          );
        },
      ),
    );
  });
});
