import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ScopeRule } from '../lambda/contract';
import { PropError } from './prop-error';
import { encodeScopeRules } from './scope-rules';

/** Asked when all routes are declared. */
export type RulesOfApi = () => readonly ScopeRule[];

/** How long API Gateway makes the ids of APIs, which are not known yet at synthesis. */
const API_ID_PLACEHOLDER = 'x'.repeat(10);

/** The APIs that an authorizer function decides for, and what their routes require. */
export class ServedApis {
  private readonly rules = new Map<string, RulesOfApi>();

  constructor(private readonly authorizerFunction: IConstruct) {}

  /** @throws PropError if the API is of another stack than the function, or protected already. */
  add(api: IConstruct, id: string, rules: RulesOfApi): void {
    if (Stack.of(api) !== Stack.of(this.authorizerFunction)) {
      throw new PropError(
        `authorizerFunction must be of the stack of the API, but ${this.authorizerFunction.node.path} ` +
          `is not of that of ${api.node.path}, and each stack would need the other first: make one ` +
          'AuthorizerFunction for each stack, and give all of them the same tokenCache and credentials',
      );
    }
    if (this.rules.has(id)) {
      throw new PropError(`api must be protected once, but ${api.node.path} is protected twice`);
    }
    this.rules.set(id, rules);
  }

  isEmpty(): boolean {
    return this.rules.size === 0;
  }

  /** `SCOPE_RULES`. By hand, for a map cannot have keys that are known at the deployment only. */
  scopeRules(idOf = (id: string) => id): string {
    const members = [...this.rules].map(
      ([id, rules]) => `${JSON.stringify(idOf(id))}:${encodeScopeRules(rules())}`,
    );
    return `{${members.join(',')}}`;
  }

  /** `SCOPE_RULES`, as long as they will be when they are deployed. */
  scopeRulesAsLong(): string {
    return this.scopeRules((id) => (Token.isUnresolved(id) ? API_ID_PLACEHOLDER : id));
  }
}
