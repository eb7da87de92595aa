import { Stack, Token } from 'aws-cdk-lib';
import { type CfnIntegration, MappingValue, ParameterMapping } from 'aws-cdk-lib/aws-apigatewayv2';
import { ContextKey } from '../../../lambda/contract';
import { effectiveProperty } from '../../cdk/effective-property';

type RouteKind = 'public' | 'protected';
type Parameters = Readonly<Record<string, unknown>>;

/** Mappings of the header that carries the phantom token, for integrations of an HTTP API. */
export class PhantomTokenMappings {
  /**
   * @param header name of the header
   * @param protection path of the protection, for messages
   * @param removesProofs true if DPoP proofs, which are used up, are removed from requests to upstreams
   */
  constructor(
    private readonly header: string,
    private readonly protection: string,
    private readonly removesProofs = false,
  ) {}

  /** Returns the mapping that overwrites the header on protected routes, and removes it on public ones. */
  for(kind: RouteKind): ParameterMapping {
    if (kind === 'public') return new ParameterMapping().removeHeader(this.header);
    const jwt = MappingValue.contextVariable(`authorizer.${ContextKey.jwt}`);
    const mapping = new ParameterMapping().overwriteHeader(this.header, jwt);
    return this.removesProofs ? mapping.removeHeader('DPoP') : mapping;
  }

  /** Returns why an integration would let clients set the header. */
  faults(kind: RouteKind, integration: CfnIntegration | undefined): readonly string[] {
    if (integration === undefined) return ['its integration is not declared in this app'];
    if (integration.integrationType !== 'HTTP_PROXY') return [];
    const [operation, value] = this.entry(kind);
    const parameters = parametersOf(integration);
    if (this.ofHeader(parameters).length === 1 && parameters[operation] === value) return [];
    return [
      kind === 'public'
        ? `its integration lets clients set ${this.header}: give it the publicParameterMapping() of ${this.protection}`
        : `its integration does not overwrite ${this.header} with the phantom token: give it the parameterMapping() of ${this.protection}`,
    ];
  }

  /** Adds the mapping to an HTTP integration that does not map the header. */
  add(kind: RouteKind, integration: CfnIntegration | undefined): void {
    if (integration?.integrationType !== 'HTTP_PROXY') return;
    if (Token.isUnresolved(integration.requestParameters)) return;
    if (this.ofHeader(parametersOf(integration)).length > 0) return;
    integration.requestParameters = {
      ...this.for(kind).mappings,
      ...(integration.requestParameters as Record<string, string> | undefined),
    };
  }

  private entry(kind: RouteKind): [string, string] {
    const [[operation, value]] = Object.entries(this.for(kind).mappings) as [[string, string]];
    return [operation, value];
  }

  private ofHeader(parameters: Parameters): readonly string[] {
    const header = `:header.${this.header}`.toLowerCase();
    return Object.keys(parameters).filter((it) => it.toLowerCase().endsWith(header));
  }
}

function parametersOf(integration: CfnIntegration): Parameters {
  const own = Stack.of(integration).resolve(integration.requestParameters) ?? {};
  return effectiveProperty(integration, 'RequestParameters', own);
}
