import fc from 'fast-check';
import { RESERVED_CLAIMS, UNMINTABLE_MEMBERS } from '../../../lambda/contract';
import { readClaims } from '../../../lambda/core/claims';
import type { JsonObject } from '../../../lambda/core/json';
import { mintDenial, mintedClaims } from '../../../lambda/core/minted-claims';
import { pickClaims } from '../../../lambda/core/phantom-token';
import { faultWith, thrownBy } from '../../support/faults';
import {
  ACCESS_TOKENS,
  DOCUMENTED_ACCESS_TOKENS,
  OTHER_TOKENS,
} from '../../support/introspection-shapes';
import { MINT_RULES } from '../../support/minting';
import { NOW } from '../../support/tokens';

const TIME = { now: NOW + 0.7, jti: 'fresh' };
const ALL_ACCESS_TOKENS = [...ACCESS_TOKENS, ...DOCUMENTED_ACCESS_TOKENS];
const BEARER = { active: true, token_type: 'Bearer', client_id: 'web', sub: 'alice' };

const statedBy = (members: JsonObject) => readClaims(pickClaims(members));
const mint = (members: JsonObject, rules = {}) =>
  mintedClaims(members, statedBy(members), { ...MINT_RULES, ...rules }, TIME);
const denialOf = (members: JsonObject, untyped: 'accept' | 'refuse' = 'refuse') =>
  mintDenial(members, statedBy(members), untyped, NOW);

describe('mintedClaims', () => {
  it.each(ALL_ACCESS_TOKENS)(
    'minted claims follow RFC 9068 for a response of $server',
    ({ response, sub, scope }) => {
      expect(mint(response)).toEqual({
        ...{ iss: 'https://api.example.com', aud: 'orders', sub, client_id: response['client_id'] },
        ...(scope !== undefined && { scope }),
        ...{ iat: NOW, exp: NOW + 420, jti: 'fresh' },
      });
    },
  );

  it('minted claims expire with the access token if that is earlier', () => {
    expect(mint({ ...BEARER, exp: NOW + 100.9 })).toMatchObject({ exp: NOW + 100 });
    expect(mint({ ...BEARER, exp: NOW + 420 })).toMatchObject({ exp: NOW + 420 });
    expect(mint({ ...BEARER, exp: NOW + 421 })).toMatchObject({ exp: NOW + 420 });
    expect(mint(BEARER)).toMatchObject({ exp: NOW + 420 });
  });

  it('minted claims take the subject from the configured member only if the response has no sub', () => {
    const { sub: _, ...withoutSub } = BEARER;
    const rules = { subject: 'user.login' };

    expect(mint({ ...withoutSub, user: { login: 'bob' } }, rules)).toMatchObject({ sub: 'bob' });
    expect(mint({ ...BEARER, user: { login: 'bob' } }, rules)).toMatchObject({ sub: 'alice' });
    expect(mint({ ...withoutSub, user: { login: null } }, rules)).toMatchObject({ sub: 'web' });
    expect(mint({ ...withoutSub, sub: '', username: 'Bob' })).toMatchObject({ sub: 'web' });
  });

  it('minted claims have no client_id and no scope that the response does not state', () => {
    const minted = mint({ active: true, sub: 'alice', scope: '' });

    expect(minted).not.toHaveProperty('client_id');
    expect(minted).not.toHaveProperty('scope');
  });

  it('minted claims fail if the configured subject is not a string', () => {
    const error = thrownBy(() =>
      mint({ active: true, client_id: 'web', uid: 7 }, { subject: 'uid' }),
    );

    expect(error).toEqual(
      faultWith('introspection_response_invalid', 'the member that token.mint.subject names'),
    );
  });

  it('minted claims state several audiences as a list', () => {
    expect(mint(BEARER, { audience: ['orders', 'invoices'] })).toMatchObject({
      aud: ['orders', 'invoices'],
    });
  });

  it('minted claims copy auth_time, acr, amr and act in their own types, and leave out others', () => {
    const typed = {
      auth_time: NOW - 9,
      acr: 'urn:mfa',
      amr: ['pwd', 'otp'],
      act: { sub: 'agent' },
    };
    const untyped = { auth_time: '2026-11-27T10:00:00Z', acr: 2, amr: 'pwd', act: 'agent' };

    expect(mint({ ...BEARER, ...typed })).toMatchObject(typed);
    for (const name of Object.keys(untyped)) {
      expect(mint({ ...BEARER, ...untyped })).not.toHaveProperty(name);
    }
    expect(mint({ ...BEARER, amr: ['pwd', 1] })).not.toHaveProperty('amr');
  });

  it('minted claims copy members of the allow-list from their paths, whatever JSON type they have', () => {
    const ext = { tenant: 'blue', roles: ['a', 'b'], level: 3, none: null };
    const members = { ...BEARER, ext, 'https://ns.example.com/plan': 'gold' };
    const claims = {
      ...{ tenant: 'ext.tenant', roles: 'ext.roles', level: 'ext.level', none: 'ext.none' },
      ...{ absent: 'ext.absent', plan: 'https://ns.example.com/plan', all: 'ext' },
    };

    const minted = mint(members, { claims });

    expect(minted).toMatchObject({ ...{ tenant: 'blue', roles: ['a', 'b'], level: 3 }, all: ext });
    expect(minted).toMatchObject({ plan: 'gold' });
    expect(minted).not.toHaveProperty('none');
    expect(minted).not.toHaveProperty('absent');
  });

  it('minted claims contain nothing of the response that no rule names', () => {
    const always = ['iss', 'aud', 'sub', 'iat', 'exp', 'jti'];
    const copied = ['client_id', 'scope', 'auth_time', 'acr', 'amr', 'act'];
    const claimName = fc.string({ minLength: 1 }).filter((name) => !RESERVED_CLAIMS.includes(name));
    const path = fc.string().filter((name) => !UNMINTABLE_MEMBERS.includes(name));
    const foreign = fc.dictionary(fc.string(), fc.jsonValue());
    const rules = fc.dictionary(claimName, path, { maxKeys: 3 });

    fc.assert(
      fc.property(foreign, rules, fc.integer({ min: NOW + 1 }), (extra, claims, exp) => {
        const members = {
          ...{ cnf: { jkt: 'x' }, username: 'Alice', iss: 'https://other.example.com' },
          ...{ ...extra, aud: ['other'], token_use: 'access_token', scope: 'read', nbf: NOW },
          ...{ ...BEARER, exp },
        };

        const minted = mint(members, { claims });

        const allowed = [...always, ...copied, ...Object.keys(claims)];
        expect(Object.keys(minted).filter((name) => !allowed.includes(name))).toEqual([]);
        expect(minted).toMatchObject({ iss: MINT_RULES.issuer, aud: 'orders', sub: 'alice' });
        expect(minted['exp']).toBeLessThanOrEqual(Math.min(exp, NOW + 420));
      }),
    );
  });
});

describe('mintDenial', () => {
  it.each(ALL_ACCESS_TOKENS)(
    'mintDenial returns nothing for an access token of $server',
    ({ response, untyped }) => {
      expect(denialOf(response, untyped ? 'accept' : 'refuse')).toBeUndefined();
    },
  );

  it.each(OTHER_TOKENS)(
    'mintDenial denies a token that is not an access token: $server',
    ({ response }) => {
      expect(denialOf(response)).toMatchObject({ invalid: 'token_not_access_token' });
    },
  );

  it('mintDenial compares an access token with the kind that the response states', () => {
    expect(denialOf({ ...BEARER, token_type: 'Refresh' })).toMatchObject({
      comparison: { expected: 'access token', received: 'token_type: Refresh' },
    });
  });

  it('mintDenial names the missing token_type of a response without one', () => {
    const { token_type: _, ...untyped } = BEARER;

    for (const members of [untyped, { ...untyped, token_type: null }]) {
      expect(denialOf(members)).toMatchObject({ comparison: { received: '(absent)' } });
      expect(denialOf(members, 'accept')).toBeUndefined();
    }
  });

  it('mintDenial denies an expired token, which is not signed', () => {
    expect(denialOf({ ...BEARER, exp: NOW })).toMatchObject({
      invalid: 'token_expired',
      comparison: { expected: `later than ${NOW}`, received: String(NOW) },
    });
    expect(denialOf({ ...BEARER, exp: NOW + 0.1 })).toBeUndefined();
  });

  it.each([
    ['absent', { active: true, token_type: 'Bearer' }],
    ['empty', { active: true, token_type: 'Bearer', sub: '', client_id: '' }],
    ['null', { active: true, sub: null, client_id: null, username: 'alice' }],
  ])('mintDenial fails for a response whose sub and client_id are %s', (_, members) => {
    const error = thrownBy(() => denialOf(members));

    expect(error).toEqual(
      faultWith('introspection_response_invalid', 'the response has neither sub nor client_id'),
    );
  });
});
