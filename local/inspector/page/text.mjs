/** Descriptions of the sources of decisions. */
const SOURCES = {
  result_cache: 'result cache',
  memory: 'memory cache',
  token_cache: 'token cache',
  introspection: 'introspection',
  request: 'the request alone',
};

/** Returns what decided a request. */
export function describeSource({ decision }) {
  if (decision.outcome === 'fault') return decision.fault?.code ?? 'fault';
  return SOURCES[decision.source] ?? 'API Gateway';
}

/** Describes a request and its response in a sentence. */
export function describeRequest(request) {
  const { method, target, status, decision } = request;
  const decided = decision.outcome === 'fault' ? 'not decided:' : 'decided by';
  return `${method} ${target} got ${status}, ${decided} ${describeSource(request)}`;
}

/** Returns the class of a status: `good`, `denied` or `faulty`. */
export function statusClass(status) {
  if (status < 400) return 'good';
  return status < 500 ? 'denied' : 'faulty';
}

export function milliseconds(value) {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

export function clock(epochMs) {
  return new Date(epochMs).toLocaleTimeString([], { hour12: false });
}

/** Returns a duration such as `4 min 10 s`. */
export function seconds(value) {
  const whole = Math.max(0, Math.ceil(value));
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} min${rest ? ` ${rest} s` : ''}`;
}

/** Shortens a token to its ends. */
export function shorten(token) {
  return token.length > 20 ? `${token.slice(0, 8)}…${token.slice(-6)}` : token;
}

export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
