import type { Upstream } from '../integrations/upstream';
import type { AuthorizerPorts } from './authorization';

/** What an API reaches outside itself. */
export interface GatewayPorts extends AuthorizerPorts {
  readonly upstream: Upstream;
}
