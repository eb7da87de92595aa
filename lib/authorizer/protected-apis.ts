import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ScopeRule } from '../../lambda/contract';
import { encodeScopeRules } from '../scopes/scope-rules';
import { PropError } from '../validation/prop-error';
import { encodeAudience } from './audience';

/** Asked when all routes are declared. */
export type ScopeRulesProvider = () => readonly ScopeRule[];

/** How long API Gateway makes the ids of APIs, which are not known yet at synthesis. */
const API_ID_PLACEHOLDER = 'x'.repeat(10);

/** Length that is assumed of audiences that are known only at the deployment. */
const AUDIENCE_PLACEHOLDER = 'x'.repeat(256);

interface ServedApi {
  readonly rules: ScopeRulesProvider;
  /** Audience of the API; `undefined` where that of the function applies. */
  readonly audience: readonly string[] | undefined;
}

/** The APIs that an authorizer function decides for, and what their routes require. */
export class ProtectedApis {
  private readonly apis = new Map<string, ServedApi>();

  constructor(private readonly authorizerFunction: IConstruct) {}

  /** @throws PropError if the API is of another stack than the function, or protected already. */
  add(api: IConstruct, id: string, rules: ScopeRulesProvider, audience?: readonly string[]): void {
    if (Stack.of(api) !== Stack.of(this.authorizerFunction)) {
      throw new PropError(
        `authorizerFunction must be of the stack of the API, but ${this.authorizerFunction.node.path} ` +
          `is not of that of ${api.node.path}, and each stack would need the other first: make one ` +
          'AuthorizerFunction for each stack, and give all of them the same tokenCache and credentials',
      );
    }
    if (this.apis.has(id)) {
      throw new PropError(`api must be protected once, but ${api.node.path} is protected twice`);
    }
    this.apis.set(id, { rules, audience });
  }

  isEmpty(): boolean {
    return this.apis.size === 0;
  }

  /** `SCOPE_RULES`. By hand, for a map cannot have keys that are known at the deployment only. */
  scopeRules(known = (text: string, _placeholder: string) => text): string {
    const members = [...this.apis].map(([id, { rules, audience }]) => {
      const name = JSON.stringify(known(id, API_ID_PLACEHOLDER));
      const list = encodeScopeRules(rules());
      if (audience === undefined) return `${name}:${list}`;
      const own = known(encodeAudience(audience), AUDIENCE_PLACEHOLDER);
      return `${name}:{"audience":${own},"rules":${list}}`;
    });
    return `{${members.join(',')}}`;
  }

  /** `SCOPE_RULES`, as long as they will be when they are deployed. */
  estimateScopeRules(): string {
    return this.scopeRules((text, placeholder) => (Token.isUnresolved(text) ? placeholder : text));
  }
}
