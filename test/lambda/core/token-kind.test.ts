import fc from 'fast-check';
import { decide } from '../../../lambda/core/decision';
import {
  parseTokenInfo,
  readPhantomToken,
  serializeTokenInfo,
} from '../../../lambda/core/phantom-token';
import { otherKind, untypedDenial } from '../../../lambda/core/token-kind';
import { jws, NOW } from '../../support/tokens';

const SILENT = { token_type: undefined, token_use: undefined, typ: undefined };
const NO_CHECKS = { issuer: undefined, audience: [], scopes: [[]], notBeforeToleranceSeconds: 60 };

describe('otherKind', () => {
  it.each([
    ['token_type', ['Bearer', 'bearer', 'BEARER', 'DPoP', 'dpop', 'JWT', 'jwt', 'access_token']],
    ['token_use', ['access_token', 'access']],
    ['typ', ['Bearer', 'DPoP', 'JWT', 'at+jwt', 'Identity', '']],
  ])('finds no other kind in the %s of an access token', (name, values) => {
    for (const value of values) {
      expect(otherKind({ ...SILENT, [name]: value })).toBeUndefined();
    }
  });

  it.each([
    ['token_type', ['Refresh', 'Offline', 'ID', 'refresh_token', 'N_A', 'mac', 'Bearer ', '']],
    ['token_use', ['id', 'refresh_token', 'id_token', 'Access', 'access token', 'Bearer', '']],
    ['typ', ['ID', 'id', 'Refresh', 'REFRESH', 'Offline', 'offline', 'Logout', 'logout']],
  ])('otherKind names the %s that marks another kind of token', (name, values) => {
    for (const value of values) {
      expect(otherKind({ ...SILENT, [name]: value })).toBe(`${name}: ${value}`);
    }
  });

  it('otherKind returns nothing if no kind is stated', () => {
    expect(otherKind(SILENT)).toBeUndefined();
  });

  it('otherKind names the one statement that contradicts the others', () => {
    expect(otherKind({ token_type: 'Bearer', token_use: 'access', typ: 'ID' })).toBe('typ: ID');
    expect(otherKind({ token_type: 'Bearer', token_use: 'refresh_token', typ: 'Bearer' })).toBe(
      'token_use: refresh_token',
    );
  });
});

describe('untypedDenial', () => {
  it.each([{}, { token_type: null }])(
    'untypedDenial denies %j only where responses without token_type are refused',
    (members) => {
      expect(untypedDenial(members, 'refuse')).toEqual({
        invalid: 'token_not_access_token',
        comparison: { expected: 'a token_type', received: '(absent)', identifying: false },
      });
      expect(untypedDenial(members, 'accept')).toBeUndefined();
      expect(untypedDenial(members, undefined)).toBeUndefined();
    },
  );

  it('untypedDenial of a response with token_type is nothing, whatever the type', () => {
    expect(untypedDenial({ token_type: '' }, 'refuse')).toBeUndefined();
  });
});

/** The rule, written a second time: statements that no access token makes. */
function isOther({ token_type, token_use, typ }: Statements): boolean {
  return (
    (token_type !== undefined && !/^(bearer|dpop|jwt)$/i.test(token_type)) ||
    (token_use !== undefined && !/^access(_token)?$/.test(token_use)) ||
    (typ !== undefined && /^(id|refresh|offline|logout)$/i.test(typ))
  );
}
type Statements = { token_type?: string; token_use?: string; typ?: string };

const inAnyCase = (value: string) =>
  fc
    .array(fc.boolean(), { minLength: value.length, maxLength: value.length })
    .map((upper) =>
      [...value].map((char, at) => (upper[at] ? char.toUpperCase() : char.toLowerCase())).join(''),
    );
/** Mostly what access tokens state: else hardly any would be allowed. */
const mostly = (value: string, ...others: string[]) =>
  fc.oneof(
    { weight: 3 * (others.length + 1), arbitrary: fc.constant(value) },
    ...[value, ...others].map(inAnyCase),
    fc.string(),
  );
const statements: fc.Arbitrary<Statements> = fc.record(
  {
    token_type: mostly('Bearer', 'DPoP', 'JWT', 'Refresh', 'ID', 'Offline', 'refresh_token'),
    token_use: mostly('access_token', 'access', 'id', 'refresh_token'),
    typ: mostly('Bearer', 'ID', 'Refresh', 'Offline', 'Logout'),
  },
  { requiredKeys: [] },
);

describe('a token of another kind', () => {
  it('a token of another kind is denied exactly if the response or the JWT states so, also as read from the token cache', () => {
    const seen = { denied: 0, allowed: 0 };

    fc.assert(
      fc.property(statements, fc.option(statements, { nil: undefined }), (ofJwt, ofResponse) => {
        // Bound to its sender is another reason of denial, which has tests of its own.
        fc.pre(![ofJwt, ofResponse].some((side) => /^dpop$/i.test(side?.token_type ?? '')));
        const facts = readPhantomToken(jws(ofJwt), ofResponse);
        const other = isOther(ofJwt) || (ofResponse !== undefined && isOther(ofResponse));
        seen[other ? 'denied' : 'allowed'] += 1;
        return [facts, parseTokenInfo(serializeTokenInfo(facts))].every((known) => {
          const decision = decide({ facts: known }, NO_CHECKS, NOW);
          return other
            ? decision.outcome === 'unauthorized' && decision.reason === 'token_not_access_token'
            : decision.outcome === 'allow';
        });
      }),
      { numRuns: 2000 },
    );
    // The property would hold of nothing but denials, too. A limit of time can have ended it early.
    const runs = seen.denied + seen.allowed;
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs / 40);
  });
});
