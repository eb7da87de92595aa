import type { Invoke } from '../integrations/lambda/invoke';
import type { Upstream } from '../integrations/upstream';
import type { ResultCache } from './result-cache';

/** External dependencies of an API. */
export interface GatewayPorts {
  readonly invoke: Invoke;
  readonly cache: ResultCache;
  readonly upstream: Upstream;
}
