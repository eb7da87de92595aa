import { commonScopes } from '../../../lib/scopes/challenge-scopes';
import type { RequiredScopes } from '../../../lib/scopes/route-scopes';
import { requirementOf } from '../../../lib/scopes/scope-requirement';

describe('commonScopes', () => {
  const common = (apiScopes: readonly string[], ...routes: RequiredScopes[]) =>
    commonScopes(
      routes.map((scopes) => requirementOf(scopes, apiScopes)),
      apiScopes,
    );

  it('returns the scopes of every alternative of every route, after those of the API', () => {
    expect(common(['read'], ['x', 'y'], [['x'], ['x', 'z']])).toEqual(['read', 'x']);
    expect(common(['z'], ['b', 'a'], ['a', 'b'])).toEqual(['z', 'b', 'a']);
  });

  it('returns no scopes if the routes have none in common', () => {
    expect(common([], ['x'], [])).toEqual([]);
    expect(common([], [['x'], ['y']])).toEqual([]);
  });

  it('returns the scopes of the API if there are no routes', () => {
    expect(common(['read'])).toEqual(['read']);
  });
});
