import fc from 'fast-check';
import { decide } from '../../../lambda/core/decision';
import { requirementsOfOperation } from '../../../lambda/core/mcp-request';
import type { Alternatives } from '../../../lambda/core/route-conditions';
import { facts, NOW } from '../../support/tokens';

/**
 * No spelling of names, headers or versions reaches a tool without its scopes. Requests are compared with models of
 * upstream servers, which call the tool of the body unless a header says otherwise. They differ in how they read
 * headers that the specification forbids.
 */

const SCOPES: readonly string[] = ['route', 'a', 'b'];
const NAMES = [
  'get_weather',
  'delete all',
  'a,b',
  'größe',
  '__proto__',
  '=?base64?eA==?=',
  'x',
] as const;
const VERSIONS = ['2026-07-28', '2026-12-01', '2025-11-25', '2026-7-28', 'latest', ''] as const;

interface Request {
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly body: { readonly method: string; readonly name: string };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const randomCase = (text: string) => fc.mixedCase(fc.constant(text));

/** Spellings of a value: as it is, encoded in every way, padded, or something else. */
const spellings = (value: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(value) },
    { weight: 6, arbitrary: fc.constant(`=?base64?${base64(value)}?=`) },
    fc.constant(`=?base64?${base64(value).replace(/=+$/, '')}?=`),
    fc.constant(`=?BASE64?${base64(value)}?=`),
    fc.constant(` ${value}\t`),
    fc.constant(encodeURIComponent(value)),
    fc.constant(value.normalize('NFD')),
    randomCase(value),
    fc.constantFrom(...NAMES),
    fc.string(),
  );

/** Values of a header that is absent, sent once, or sent repeatedly. */
const values = (value: string) =>
  fc.oneof(
    { weight: 8, arbitrary: spellings(value).map((it) => [it]) },
    fc.array(spellings(value), { maxLength: 3 }),
    fc.array(spellings(value), { minLength: 2, maxLength: 2 }).map((it) => [it.join(',')]),
  );

/** Requests with a body, whose headers mostly agree with it. */
const requestWith = (method: string, name: string): fc.Arbitrary<Request> =>
  fc
    .record({
      version: fc.oneof(
        fc.constantFrom(...VERSIONS).map((it) => [it]),
        values('2026-07-28'),
      ),
      method: fc.oneof(
        { weight: 4, arbitrary: values(method) },
        { weight: 1, arbitrary: values('tools/list') },
      ),
      name: values(name),
      cases: fc.tuple(
        randomCase('MCP-Protocol-Version'),
        randomCase('Mcp-Method'),
        randomCase('Mcp-Name'),
      ),
    })
    .map((headers) => ({
      multiValueHeaders: {
        [headers.cases[0]]: headers.version,
        [headers.cases[1]]: headers.method,
        [headers.cases[2]]: headers.name,
      },
      body: { method, name },
    }));

const request = fc.oneof(
  ...NAMES.flatMap((name) => [
    { weight: 3, arbitrary: requestWith('tools/call', name) },
    { weight: 1, arbitrary: requestWith('tools/list', name) },
  ]),
);

const alternatives = fc.array(fc.subarray([...SCOPES], { maxLength: 1 }), {
  minLength: 1,
  maxLength: 2,
});
const tools: fc.Arbitrary<ReadonlyMap<string, Alternatives>> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...NAMES, '*'), alternatives), {
    selector: ([name]) => name,
    minLength: 1,
  })
  .map((entries) => new Map(entries));

/** Ways of upstream servers to read a header that is sent repeatedly, and to decode values. */
const READERS: readonly ((values: readonly string[]) => string | undefined)[] = [
  (all) => all[0],
  (all) => all.at(-1),
  (all) => (all.length > 0 ? all.join(',') : undefined),
  (all) => (all.length > 0 ? all.join(', ') : undefined),
  (all) => all.at(-1)?.split(',')[0]?.trim(),
  (all) => all[0]?.split(',').at(-1)?.trim(),
];
const DECODERS: readonly ((value: string) => string)[] = [
  (value) => decodeMarked(value, /^=\?base64\?(.*)\?=$/),
  (value) => decodeMarked(value, /^=\?base64\?(.*)\?=$/i).trim(),
];

function decodeMarked(value: string, pattern: RegExp): string {
  const encoded = pattern.exec(value)?.[1];
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString('utf8');
}

/** Returns whether a server of some kind would call the tool of the body, since the headers agree with it. */
function isCalled({ multiValueHeaders, body }: Request): boolean {
  if (body.method !== 'tools/call') return false;
  const header = (wanted: string) =>
    Object.entries(multiValueHeaders).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? [];
  return READERS.some((read) => {
    const version = read(header('mcp-protocol-version'))?.trim();
    const method = read(header('mcp-method'))?.trim();
    const name = read(header('mcp-name'));
    if (version === undefined || method === undefined || name === undefined) return false;
    return (
      method.toLowerCase() === body.method && DECODERS.some((decode) => decode(name) === body.name)
    );
  });
}

/** Returns whether a server of an older version, which does not read these headers, would call the tool. */
function isCalledByOlder({ multiValueHeaders, body }: Request): boolean {
  const versions = Object.entries(multiValueHeaders).find(
    ([name]) => name.toLowerCase() === 'mcp-protocol-version',
  )?.[1];
  return body.method === 'tools/call' && !versions?.some((it) => it.trim() >= '2026-07-28');
}

test('no spelling of names, headers or versions reaches a tool without its scopes', () => {
  let called = 0;
  let denied = 0;
  fc.assert(
    fc.property(
      request,
      tools,
      fc.subarray([...SCOPES], { minLength: 1 }),
      (sent, rules, granted) => {
        const operation = requirementsOfOperation(sent, [['route']], rules);
        const { outcome } = decide(
          { facts: facts({ scopes: granted }) },
          { issuer: undefined, audience: [], notBeforeToleranceSeconds: 60, ...operation },
          NOW,
        );
        if (!isCalled(sent) && !isCalledByOlder(sent)) return;
        const required = rules.get(sent.body.name) ?? rules.get('*') ?? [];
        const isGranted = (scopes: readonly string[]) => scopes.every((it) => granted.includes(it));
        const mayCall = isGranted(['route']) && required.some(isGranted);
        if (outcome === 'allow') called += 1;
        else denied += 1;
        if (outcome === 'allow' && !mayCall) throw new Error(`${sent.body.name} was called`);
      },
    ),
    { numRuns: 1500 },
  );
  // The property says something only if both happened.
  expect(Math.min(called, denied)).toBeGreaterThan(5);
});
