import { createAuthorizerPool, MAX_AUTHORIZERS } from '../../../lib/protection/authorizer-pool';
import type { RequiredScopes } from '../../../lib/scopes/route-scopes';
import { requirementOf } from '../../../lib/scopes/scope-requirement';

/** So many requirements, none of which is like another. */
const different = (count: number): RequiredScopes[] =>
  Array.from({ length: count }, (_, index) => [`scope-${index}`]);

/** Which authorizer each requirement gets, and all that were made for them. */
function share(requirements: readonly RequiredScopes[], maxAuthorizers = MAX_AUTHORIZERS) {
  const made: { readonly id: string; readonly isKeyedByRoute: () => boolean }[] = [];
  const authorizerFor = createAuthorizerPool(maxAuthorizers, (id, isKeyedByRoute) => {
    const authorizer = { id, isKeyedByRoute };
    made.push(authorizer);
    return authorizer;
  });
  const of = requirements.map((scopes) => authorizerFor(requirementOf(scopes)));
  return { of, ids: of.map(({ id }) => id), keyed: made.map((it) => it.isKeyedByRoute()) };
}

describe('routes with equal requirements', () => {
  it.each<[string, RequiredScopes, RequiredScopes]>([
    ['the same scope', ['a'], ['a']],
    ['scopes in another order', ['a', 'b'], ['b', 'a']],
    ['a scope several times', ['a', 'b'], ['b', 'a', 'b', 'a']],
    ['a list, and a list of that list alone', ['a', 'b'], [['b', 'a']]],
    ['alternatives in another order', [['a'], ['b', 'c']], [['c', 'b'], ['a']]],
    ['an alternative several times', [['a'], ['b']], [['b'], ['a'], ['b', 'b']]],
    ['a scope, and that scope or the same with more', ['a'], [['a', 'b'], ['a']]],
  ])('routes with equal requirements share an authorizer: %s', (_, one, other) => {
    const { of, keyed } = share([one, other]);

    expect(of[0]).toBe(of[1]);
    expect(keyed).toEqual([false]);
  });

  it('routes without requirements share an authorizer with a plain name', () => {
    expect(share([[]]).ids).toEqual(['RequestAuthorizer']);
  });
});

describe('routes with different requirements', () => {
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
    // Their digests begin alike, as far as an id goes.
    ['scopes whose ids are the same', ['scope-10441'], ['scope-33766']],
  ])('routes with different requirements never share an authorizer: %s', (_, one, other) => {
    const { of, keyed } = share([one, other]);

    expect(of[0]).not.toBe(of[1]);
    expect(keyed).toEqual([false, false]);
  });
});

describe('the id of an authorizer', () => {
  it('the id of an authorizer stays when other requirements come, go and change places', () => {
    const [first = [], second = [], ...others] = different(6);
    const [id] = share([first]).ids;

    expect(share([first, second, ...others]).ids[0]).toBe(id);
    expect(share([...others, second, first]).ids.at(-1)).toBe(id);
  });

  it('the id of an authorizer can be the id of a construct', () => {
    const { ids } = share([[], ['urn:x/y|~'], [['a'], ['b']]]);

    for (const id of ids) expect(id).toMatch(/^RequestAuthorizer[0-9a-f]*$/);
  });
});

describe('the number of authorizers', () => {
  it('the number of authorizers is that of the requirements, up to the quota of API Gateway', () => {
    const { ids, keyed } = share([...different(10), ...different(10)]);

    expect(MAX_AUTHORIZERS).toBe(10);
    expect(new Set(ids).size).toBe(10);
    expect(keyed).toEqual(Array(10).fill(false));
  });

  it('the number of authorizers stays at the quota beyond it, and results of the last one hold for their own route', () => {
    const { ids, keyed } = share([...different(13), ...different(13)]);

    expect(keyed).toEqual([...Array(9).fill(false), true]);
    expect(new Set(ids).size).toBe(10);
    expect(new Set(ids.slice(9, 13)).size).toBe(1);
    expect(ids.slice(13)).toEqual(ids.slice(0, 13));
  });

  it('the number of authorizers can be one, whose results hold for their own route if requirements differ', () => {
    expect(share(different(1), 1).keyed).toEqual([false]);
    expect(share(different(2), 1)).toMatchObject({ keyed: [true] });
    expect(new Set(share(different(5), 1).of).size).toBe(1);
  });

  it('the number of authorizers counts the empty requirement', () => {
    expect(share([...different(9), []]).keyed).toEqual(Array(10).fill(false));
    expect(share([...different(10), []]).keyed.at(-1)).toBe(true);
  });
});
