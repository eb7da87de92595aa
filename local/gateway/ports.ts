import type { AuthorizerPorts } from './authorization';
import type { Upstream } from './upstream';

/** What an API reaches outside itself. */
export interface GatewayPorts extends AuthorizerPorts {
  readonly upstream: Upstream;
}
