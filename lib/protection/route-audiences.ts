import { type ScopeRequirement, withAudience } from '../scopes/scope-requirement';
import { audienceOf, type LocatedResource } from './protected-resources';
import { type ResourceRoute, resourceFaults } from './resource-faults';

/** Audiences that the routes of an API check: that of the resource that a route belongs to, or that of the API. */
export class RouteAudiences {
  /** @param ofApi audience of the API, or that of its function */
  constructor(
    private readonly resources: readonly LocatedResource[],
    private readonly ofApi: readonly string[] | undefined,
  ) {}

  /** Returns whether any audience is checked. */
  areChecked(): boolean {
    return this.ofApi !== undefined || this.resources.length > 0;
  }

  /** Returns the requirement of a route, with an audience if that of the API does not apply. */
  requirementAt(route: string, requirement: ScopeRequirement): ScopeRequirement {
    return withAudience(requirement, audienceOf(route, this.resources, this.ofApi));
  }

  /** Returns the requirement of a route with the audience that applies. */
  completeRequirementAt(route: string, requirement: ScopeRequirement): ScopeRequirement {
    const own = this.requirementAt(route, requirement);
    return withAudience(own, own.audience ?? this.ofApi);
  }

  /** Returns the faults by which a token for one resource would be accepted at another one. */
  faults(routes: readonly ResourceRoute[]): readonly string[] {
    return resourceFaults(routes, this.resources, this.ofApi !== undefined).map(
      ({ subject, fault }) => `${subject}: ${fault}`,
    );
  }
}
