import { limitResponse } from '../request/limits';
import type { Invocation } from './invocation';
import { type Ended, endWith } from './pipeline';

/** Step: rejects a request whose head or body exceeds a limit. */
export function enforceLimits<State extends Invocation>(invocation: State): State | Ended {
  const { limitExceeded } = invocation;
  return limitExceeded ? endWith(invocation, limitResponse(limitExceeded)) : invocation;
}
