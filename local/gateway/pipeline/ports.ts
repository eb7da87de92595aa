import type { Upstream } from '../integrations/upstream';
import type { AuthorizerPorts } from './invoke-authorizer';

/** What an API reaches outside itself. */
export interface GatewayPorts extends AuthorizerPorts {
  readonly upstream: Upstream;
}
