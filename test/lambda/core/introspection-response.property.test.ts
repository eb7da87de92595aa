import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Fault } from '../../../lambda/core/errors';
import {
  type HttpResponse,
  type ResponseRules,
  readIntrospectionResponse,
} from '../../../lambda/core/introspection-response';
import { arbitraryText } from '../../support/arbitrary-text';
import { propertyRuns } from '../../support/property-runs';
import { base64url } from '../../support/tokens';

/**
 * The rules, read a second time and without the code under test: what may become of an answer. `yes` is
 * the JWT to forward.
 */
type Outcome = { yes: string } | 'no' | 'fault';

function independently(
  { status, headers, body }: HttpResponse,
  { member }: ResponseRules,
): Outcome {
  if (member === undefined && status === 204) return 'no';
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  const wanted = member === undefined ? /^\s*application\/jwt\s*$/i : /^\s*application\/json\s*$/i;
  if (status !== 200 || !wanted.test(type)) return 'fault';
  if (member === undefined) return forwardable(body.toString('latin1').trim(), {});
  const answer = parsed(body.toString('utf8').replace(/^\uFEFF/, ''));
  if (answer?.['active'] === false) return 'no';
  const jwt = answer?.['active'] === true ? answer[member] : undefined;
  // A member that is null is absent; a claim of the JWT that is null is malformed.
  const stated = Object.entries(answer ?? {}).filter(([, value]) => value !== null);
  return typeof jwt === 'string' ? forwardable(jwt, Object.fromEntries(stated)) : 'fault';
}

/** A JWS in compact form that is signed, is an access token, and whose claims make sense. */
function forwardable(jwt: string, stated: Record<string, unknown>): Outcome {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(jwt)) return 'fault';
  const [header, payload] = jwt
    .split('.')
    .map((part) => parsed(Buffer.from(part, 'base64url').toString()));
  const types = [undefined, 'jwt', 'at+jwt', 'application/jwt', 'application/at+jwt'];
  const { alg, typ } = header ?? {};
  if (typeof alg !== 'string' || /^none$/i.test(alg)) return 'fault';
  if (!types.includes(typeof typ === 'string' ? typ.toLowerCase() : (typ as undefined)))
    return 'fault';
  if (payload === undefined || 'active' in payload || 'token_introspection' in payload)
    return 'fault';
  if (![payload, stated].every(({ sub }) => sub === undefined || typeof sub === 'string'))
    return 'fault';
  if (![payload, stated].every(({ exp }) => exp === undefined || Number.isFinite(exp)))
    return 'fault';
  const disagree = payload['sub'] !== undefined && stated['sub'] !== undefined;
  return disagree && payload['sub'] !== stated['sub'] ? 'fault' : { yes: jwt };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function actually(response: HttpResponse, rules: ResponseRules): Outcome {
  try {
    const answer = readIntrospectionResponse(response, rules);
    return 'facts' in answer ? { yes: answer.facts.jwt } : 'no';
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    assert.match(error.code, /^introspection_/);
    return 'fault';
  }
}

/** Mostly what is right, now and then what is not: else hardly an answer would get past the first rule. */
function mostly<T, U>(right: T, ...wrong: fc.Arbitrary<U>[]): fc.Arbitrary<T | U> {
  return fc.oneof({ weight: 8, arbitrary: fc.constant(right) }, ...wrong);
}
const sub = mostly('alice', fc.constantFrom('bob', '', 7, null, undefined));
const exp = mostly(undefined, fc.constantFrom(1_800_000_000, 1.5, '1', null));
const text = arbitraryText({ maxLength: 30 });

const header = fc.record({
  alg: mostly('RS256', fc.constantFrom('none', 'NONE', 'HS256', null, undefined)),
  typ: fc.constantFrom(
    'JWT',
    'at+jwt',
    'application/AT+JWT',
    undefined,
    'token-introspection+jwt',
    1,
  ),
});
const payload = fc
  .tuple(
    fc.record({ sub, exp }),
    mostly({}, fc.constantFrom({ active: true }, { token_introspection: { active: true } })),
  )
  .map(([claims, more]) => ({ ...claims, ...more }));
const jwt = mostly(undefined, text, fc.constantFrom('.', '..', '{"active":true}', '<html>')).chain(
  (other) =>
    other === undefined
      ? fc
          .tuple(
            header,
            payload,
            mostly('c2ln', fc.constantFrom('', 'a+b', 'c2ln.x', 'c2ln\n', 'c2ln ')),
          )
          .map(([head, claims, end]) => `${base64url(head)}.${base64url(claims)}.${end}`)
      : fc.constant(other),
);
const active = mostly(true, mostly(false, fc.constantFrom('true', 1, null, undefined, {})));
const json = fc
  .tuple(
    fc.record({
      active,
      phantom_token: fc.oneof({ weight: 8, arbitrary: jwt }, fc.jsonValue()),
      sub,
      exp,
    }),
    text,
  )
  .chain(([answer, tail]) =>
    mostly(
      JSON.stringify(answer),
      fc.constant(JSON.stringify(answer) + tail),
      fc.constant(`\uFEFF${JSON.stringify(answer)}`),
    ),
  );
const bytes = fc.uint8Array({ maxLength: 100 });
const type = fc.constantFrom(
  ...['application/jwt', 'application/json', 'Application/JSON; charset=utf-8'],
  ...['application/JWT;a=b', 'text/html', 'application/jwtx', undefined],
  'application/token-introspection+jwt',
);

const fitting = fc.oneof(
  fc.tuple(mostly('application/json', type), json),
  fc.tuple(mostly('application/jwt', type), jwt),
  fc.tuple(fc.oneof(type, fc.string()), fc.oneof(fc.json(), bytes)),
);
const response: fc.Arbitrary<HttpResponse> = fc
  .tuple(
    mostly(200, fc.constantFrom(204, 401, 302, 500), fc.integer({ min: 0, max: 999 })),
    fitting,
    fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
  )
  .map(([status, [mediaType, body], headers]) => ({
    status,
    headers: { ...headers, 'content-type': mediaType },
    body: Buffer.from(body as string),
  }));

describe('readIntrospectionResponse', () => {
  it.each([
    ['a raw JWT', undefined],
    ['a member of JSON', 'phantom_token'],
  ])('exactly the responses that the rules call active have facts, for %s', (_, member) => {
    const rules = { member, types: undefined };
    const seen = { yes: 0, no: 0, fault: 0 };

    fc.assert(
      fc.property(response, (answer) => {
        const expected = independently(answer, rules);
        seen[typeof expected === 'string' ? expected : 'yes'] += 1;
        assert.deepEqual(actually(answer, rules), expected);
      }),
      { numRuns: propertyRuns(1500) },
    );
    // The property would hold of nothing but faults, too.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(propertyRuns(10));
  });
});
