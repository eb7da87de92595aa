import { type Duration, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ScopeRule } from '../../lambda/contract';
import { encodeScopeRules } from '../scopes/scope-rules';
import { DEFAULTS } from '../validation/defaults';
import { PropError } from '../validation/prop-error';
import { encodeAudience as encodeList } from './audience';

/**
 * Maximum lifetime in the result cache, in seconds; assumed where it is known only at deployment.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
 */
const MAX_RESULT_TTL_SECONDS = 3600;

/**
 * Function that returns the scope rules of an API. It is called at synthesis, after all routes are
 * declared.
 */
export type ScopeRulesProvider = () => readonly ScopeRule[];

/** Placeholder with the length of an API id, which is known only at deployment. */
const API_ID_PLACEHOLDER = 'x'.repeat(10);

/** Placeholder with the assumed length of a setting that is known only at deployment. */
const SETTING_PLACEHOLDER = 'x'.repeat(256);

/** Settings of an API in addition to its scope rules. */
export interface ApiSettings {
  /** Audience of the API; `undefined` if the audience of the function applies. */
  readonly audience?: readonly string[] | undefined;
  /** Base URLs under which clients call the API, for DPoP; `undefined` if the function does not need them. */
  readonly publicUrls?: readonly string[] | undefined;
  /** Lifetime in its result cache. */
  readonly resultTtl?: Duration | undefined;
}

interface ProtectedApi extends ApiSettings {
  readonly rules: ScopeRulesProvider;
}

/** The APIs that an authorizer function protects, with the scope rules of their routes. */
export class ProtectedApis {
  private readonly apis = new Map<string, ProtectedApi>();

  constructor(private readonly authorizerFunction: IConstruct) {}

  /**
   * Adds an API.
   *
   * @throws PropError if the API is in another stack than the function, or is protected already.
   */
  add(api: IConstruct, id: string, rules: ScopeRulesProvider, settings: ApiSettings = {}): void {
    const { authorizerFunction } = this;
    const [apiStack, functionStack] = [Stack.of(api), Stack.of(authorizerFunction)];
    if (apiStack !== functionStack) {
      throw new PropError(
        `authorizerFunction must be in the same stack as its API: ${api.node.path} is in stack ` +
          `${apiStack.node.path}, ${authorizerFunction.node.path} is in stack ${functionStack.node.path}. ` +
          'Create one AuthorizerFunction in each stack, with the same tokenCache and credentials',
      );
    }
    if (this.apis.has(id)) {
      throw new PropError(`api must not be protected twice, got: ${api.node.path}`);
    }
    this.apis.set(id, { ...settings, rules });
  }

  isEmpty(): boolean {
    return this.apis.size === 0;
  }

  /** Returns the longest lifetime in the result cache of an API, in seconds. */
  longestResultTtlSeconds(): number {
    const lifetimes = [...this.apis.values()].map(({ resultTtl }) =>
      resultTtl?.isUnresolved()
        ? MAX_RESULT_TTL_SECONDS
        : (resultTtl?.toSeconds() ?? DEFAULTS.resultTtlSeconds),
    );
    return Math.max(0, ...lifetimes);
  }

  /** Returns the value of `SCOPE_RULES`. */
  scopeRules(): string {
    return this.encode((text) => text);
  }

  /** Returns a stand-in for `SCOPE_RULES` with the length that the value will have at deployment. */
  estimateScopeRules(): string {
    return this.encode((text, placeholder) => (Token.isUnresolved(text) ? placeholder : text));
  }

  /**
   * Returns the rules as JSON, written piece by piece: `JSON.stringify` does not resolve tokens in keys.
   */
  private encode(replace: (text: string, placeholder: string) => string): string {
    const members = [...this.apis].map(([id, { rules, audience, publicUrls, resultTtl }]) => {
      const name = JSON.stringify(replace(id, API_ID_PLACEHOLDER));
      const list = encodeScopeRules(rules());
      const settings = Object.entries({ audience, publicUrls }).flatMap(([setting, value]) =>
        value === undefined
          ? []
          : [`"${setting}":${replace(encodeList(value), SETTING_PLACEHOLDER)}`],
      );
      // APIs with publicUrls accept bound tokens, so that none of their results is cached.
      if (publicUrls === undefined && isZero(resultTtl)) settings.push('"uncached":true');
      if (settings.length === 0) return `${name}:${list}`;
      return `${name}:{${settings.join(',')},"rules":${list}}`;
    });
    return `{${members.join(',')}}`;
  }
}

function isZero(duration: Duration | undefined): boolean {
  return duration !== undefined && !duration.isUnresolved() && duration.toMilliseconds() === 0;
}
