import { type CfnResource, type IResolvable, Lazy, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { referentOf, tokenIn } from '../cdk/referent';
import type { ScopeRequirement } from '../scopes/scope-requirement';

/** Requirement of routes, with the authorizer that enforces it. */
export interface RouteAuthorization {
  readonly requirement: ScopeRequirement;
  readonly authorizer: CfnResource;
  /** Token that stands for the ID of the authorizer and for the requirement. */
  readonly authorizerId: string;
}

/**
 * Access to a route by its authorizer: an authorization of the protection, `public` if it is declared so,
 * `ambiguous` if it has an authorizer of the protection for several requirements by an ID that does not
 * identify one, or `undefined` if it has no authorizer of the protection.
 */
export type Access = RouteAuthorization | 'public' | 'ambiguous' | undefined;

/** Authorizations of a protection. The IDs that routes get are tokens, which identify the requirement. */
export class RouteAuthorizations {
  /** Marker of routes that are declared public, unlike forgotten ones; the template does not contain it. */
  readonly noAuthorizerId = Lazy.string({ produce: () => undefined });

  private readonly byRequirement = new Map<string, RouteAuthorization>();
  private readonly byId = new Map<string, RouteAuthorization>();
  private readonly byToken = new Map<IResolvable, RouteAuthorization | 'public'>();

  constructor(private readonly authorizerFor: (requirement: ScopeRequirement) => CfnResource) {
    this.byToken.set(tokenOf(this.noAuthorizerId), 'public');
  }

  /** Returns the authorization of a requirement, the same for each call. */
  for(requirement: ScopeRequirement): RouteAuthorization {
    const known = this.byRequirement.get(requirement.name);
    if (known !== undefined) return known;
    const authorizer = this.authorizerFor(requirement);
    const authorizerId = Lazy.string({ produce: () => authorizer.ref });
    const authorization = { requirement, authorizer, authorizerId };
    this.byRequirement.set(requirement.name, authorization);
    this.byId.set(authorizerId, authorization);
    this.byToken.set(tokenOf(authorizerId), authorization);
    return authorization;
  }

  /** Returns the access to a route that has an authorizer ID, also through a `Lazy` or another token. */
  accessBy(route: IConstruct, authorizerId: string | undefined): Access {
    if (authorizerId === undefined) return undefined;
    if (authorizerId === this.noAuthorizerId) return 'public';
    const known = this.byId.get(authorizerId);
    if (known !== undefined) return known;
    const token = tokenIn(route, authorizerId, (it) => this.byToken.has(it));
    if (token !== undefined) return this.byToken.get(token);
    const referent = referentOf(route, authorizerId);
    const candidates = [...this.byId.values()].filter(({ authorizer }) => authorizer === referent);
    return candidates.length > 1 ? 'ambiguous' : candidates[0];
  }

  /** Returns the authorizers. */
  authorizers(): readonly CfnResource[] {
    return [...new Set([...this.byId.values()].map(({ authorizer }) => authorizer))];
  }
}

function tokenOf(id: string): IResolvable {
  const token = Tokenization.reverseCompleteString(id);
  if (token === undefined) throw new Error(`${id} is not a token`);
  return token;
}
