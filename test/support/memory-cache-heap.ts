/**
 * Measures the heap that the memory cache takes for tokens of several shapes. `memory-cache.heap.test.ts` starts it as
 * a process of its own, in whose small heap garbage is collected fast.
 */
import { createMemoryCache } from '../../lambda/cache/memory-cache';
import { readPhantomToken } from '../../lambda/core/phantom-token';
import { jws, NOW } from './jws';

/** Tokens of a kind. */
interface Shape {
  /** Members of the introspection response. `#` stands for the number of the token. */
  readonly stated: object;
  /** Characters in the payload of the JWT. Default: none. */
  readonly padding?: number;
  /** Number of tokens, a few more than the cache keeps. */
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
    stated: { aud: list(600, (index) => `a${index}#`) },
    tokens: 570,
  },
  'many scopes': {
    stated: { scope: list(600, (index) => `s${index}#`).join(' ') },
    tokens: 950,
  },
  'empty lists in a confirmation': {
    stated: { cnf: list(1000, () => []) },
    tokens: 450,
  },
  'many members in a confirmation': {
    stated: { cnf: { 'x#': list(500, () => ({})) } },
    tokens: 860,
  },
  'texts beyond Latin-1': {
    stated: { sub: `${'\u4e2d'.repeat(15_000)}#` },
    tokens: 550,
  },
  'many booleans in a confirmation': {
    stated: { cnf: list(3000, () => true) },
    tokens: 1300,
  },
  'a JWT of 24 KB': { stated: {}, padding: 18_000, tokens: 1300 },
  'a JWT of 6 KB': { stated: {}, padding: 4500, tokens: 4600 },
};

function measure({ stated: members, padding = 0, tokens }: Shape): Measurement {
  const before = heapUsed();
  const cache = createMemoryCache();
  const text = JSON.stringify(members);
  for (let token = 0; token < tokens; token++) {
    const stated = JSON.parse(text.replaceAll('#', String(token)));
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
  return process.memoryUsage().heapUsed;
}

if (require.main === module) {
  const measurements = Object.entries(SHAPES).map(([name, shape]) => [name, measure(shape)]);
  console.log(JSON.stringify(Object.fromEntries(measurements)));
}
