import type { DeclaredRoute } from './declared-route';
import type { Access } from './route-authorizations';

/**
 * Returns the faults of a route.
 *
 * @param protection path of the protection, for the advice
 */
export function routeFaults(
  route: DeclaredRoute,
  access: Access,
  protection: string,
): readonly string[] {
  if (access === 'ambiguous') {
    return [
      `has an authorizer of ${protection} by an ID that does not tell its scopes: use the authorizerId ` +
        'that its authorizer() returns',
    ];
  }
  if (access === 'public') return route.faultsOfIntegration('public');
  if (access !== undefined) {
    if (route.name === undefined)
      return ['its path is not known: declare it and its resources in this app'];
    return [
      ...faultsOfType(route, protection),
      ...faultsOfScopes(route, protection),
      ...route.faultsOfIntegration('protected'),
    ];
  }
  const { authorizationType = 'NONE' } = route;
  if (route.isPreflight()) return [];
  // An intrinsic function can result in NONE.
  if (typeof authorizationType !== 'string') {
    return [
      `authorizationType must be known at synthesis, got: ${JSON.stringify(authorizationType)}`,
    ];
  }
  if (authorizationType !== 'NONE') return [];
  return [`has no authorizer: ${adviceFor(route, protection)}`];
}

/** Returns the way to give a route of its kind an authorizer. */
function adviceFor({ declaredBy }: DeclaredRoute, protection: string): string {
  const except = 'name it in protectAll({ except }) if it needs no token';
  switch (declaredBy) {
    case 'constructor':
      return `the constructor of another construct declares it, so call protectAll() of ${protection}, and ${except}`;
    case 'L1':
      return `pass it to protect() of ${protection}, or call its protectAll(), and ${except}`;
    case 'app':
      return (
        `declare it with the authorizer() of ${protection}, or with its publicAccess() if it needs no token; ` +
        'if it is declared before the protection, use protect() or protectAll({ except })'
      );
  }
}

function faultsOfType({ authorizationType }: DeclaredRoute, protection: string): readonly string[] {
  if (authorizationType === 'CUSTOM') return [];
  return [
    `must have the authorizationType CUSTOM with an authorizer of ${protection}, got: ${JSON.stringify(authorizationType)}`,
  ];
}

function faultsOfScopes(
  { authorizationScopes = [] }: DeclaredRoute,
  protection: string,
): readonly string[] {
  if (authorizationScopes.length === 0) return [];
  return [
    'a Lambda authorizer does not enforce authorizationScopes: remove them, also as default of ' +
      `the API, and require ${JSON.stringify(authorizationScopes)} with the authorizer({ scopes }) of ` +
      protection,
  ];
}
