/**
 * Measures the heap that the memory cache takes for tokens of several shapes. `memory-cache.heap.test.ts` starts it as
 * a process of its own, in whose small heap garbage is collected fast.
 */
import { createMemoryCache } from '../../lambda/cache/memory-cache';
import { readPhantomToken } from '../../lambda/core/phantom-token';
import { jws, NOW } from './tokens';

/** Tokens of a kind. */
interface Shape {
  /** Returns the members of the introspection response for a token. */
  readonly statedOf: (token: number) => object;
  /** Characters in the payload of the JWT. Default: none. */
  readonly padding?: number;
  /** Number of tokens, more than the cache keeps. */
  readonly tokens: number;
}

/** Memory cache after it received the tokens of a shape. */
export interface Measurement {
  /** Bytes of the heap that it takes. */
  readonly takenBytes: number;
  /** True if it has the first token, and the last one. */
  readonly has: { readonly first: boolean; readonly last: boolean };
}

const list = (length: number, entry: (index: number) => unknown) =>
  Array.from({ length }, (_, index) => entry(index));

/** Shapes by what is special about them. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'long lists of audiences': {
    statedOf: (token) => ({ aud: list(600, (index) => `a${index}${token}`) }),
    tokens: 800,
  },
  'many scopes': {
    statedOf: (token) => ({ scope: list(600, (index) => `s${index}${token}`).join(' ') }),
    tokens: 1300,
  },
  'empty lists in a confirmation': {
    statedOf: () => ({ cnf: list(1000, () => []) }),
    tokens: 600,
  },
  'many members in a confirmation': {
    statedOf: (token) => ({ cnf: { [`x${token}`]: list(500, () => ({})) } }),
    tokens: 1000,
  },
  'texts beyond Latin-1': {
    statedOf: (token) => ({ sub: `\u4e2d${token}`.repeat(4000) }),
    tokens: 800,
  },
  'many booleans in a confirmation': {
    statedOf: () => ({ cnf: list(3000, () => true) }),
    tokens: 1600,
  },
  'a JWT of 24 KB': { statedOf: () => ({}), padding: 18_000, tokens: 1500 },
  'a JWT of 6 KB': { statedOf: () => ({}), padding: 4500, tokens: 5500 },
};

function measure({ statedOf, padding = 0, tokens }: Shape): Measurement {
  const before = heapUsed();
  const cache = createMemoryCache();
  for (let token = 0; token < tokens; token++) {
    const stated = JSON.parse(JSON.stringify(statedOf(token)));
    const payload = { jti: token, padding: 'p'.repeat(padding) };
    const facts = readPhantomToken(jws(payload, { alg: 'RS256' }, 's'.repeat(342)), stated);
    const times = { expiresAt: NOW + 60, renewAt: NOW + 54.5 + token / 1e5 };
    cache.set(`token ${token}`, { facts, ...times });
  }
  const takenBytes = heapUsed() - before;
  const has = (token: number) => cache.get(`token ${token}`) !== undefined;
  return { takenBytes, has: { first: has(0), last: has(tokens - 1) } };
}

function heapUsed(): number {
  if (global.gc === undefined) throw new Error('node must run with --expose-gc');
  global.gc();
  global.gc();
  return process.memoryUsage().heapUsed;
}

if (require.main === module) {
  const measurements = Object.entries(SHAPES).map(([name, shape]) => [name, measure(shape)]);
  console.log(JSON.stringify(Object.fromEntries(measurements)));
}
