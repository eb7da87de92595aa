import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  StringConcat,
  Token,
  Tokenization,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Construct that a value refers to, or the text of a value that refers to none. */
export type Referent = IConstruct | string;

/** Predicate for tokens at which a search stops. */
type IsWanted = (token: IResolvable) => boolean;

/**
 * Returns the construct that a value refers to, also through a `Lazy` or a token in a token. It resolves no
 * logical ID, so it can be called while a logical ID is calculated.
 */
export function referentOf(scope: IConstruct, value: unknown): Referent {
  const { tokens, text } = searchTokens(scope, value, Reference.isReference);
  const [first, ...others] = tokens;
  return others.length === 0 && Reference.isReference(first) ? first.target : text;
}

/** Returns the wanted token that a value is, or produces; `undefined` if it is anything else. */
export function tokenIn(
  scope: IConstruct,
  value: unknown,
  isWanted: IsWanted,
): IResolvable | undefined {
  if (!Token.isUnresolved(value)) return undefined;
  return searchTokens(
    scope,
    value,
    (token) => isWanted(token) || Reference.isReference(token),
  ).tokens.find(isWanted);
}

function searchTokens(scope: IConstruct, value: unknown, isWanted: IsWanted) {
  if (!Token.isUnresolved(value)) return { tokens: [], text: JSON.stringify(value) ?? '' };
  const resolver = new TokenSearch(isWanted);
  const resolved = Tokenization.resolve(value, { scope, resolver, preparing: false });
  return { tokens: resolver.found, text: JSON.stringify(resolved) ?? '' };
}

/** Resolver that records the wanted tokens in place of resolving them. */
class TokenSearch extends DefaultTokenResolver {
  readonly found: IResolvable[] = [];

  constructor(private readonly isWanted: IsWanted) {
    super(new StringConcat());
  }

  override resolveToken(
    token: IResolvable,
    context: IResolveContext,
    postProcessor: IPostProcessor,
  ): unknown {
    if (!this.isWanted(token)) return super.resolveToken(token, context, postProcessor);
    this.found.push(token);
    return '';
  }
}
