import type { Claims } from '../../../lambda/core/claims';
import {
  type Decision,
  type DenialReason,
  decide,
  NOT_BEFORE_TOLERANCE_SECONDS,
  type Requirements,
} from '../../../lambda/core/decision';
import { AUDIENCE, facts, ISSUER, NOW } from '../../support/tokens';

const NONE: Requirements = { issuer: undefined, audience: [], scopes: [[]] };
const ALL: Requirements = { issuer: ISSUER, audience: [AUDIENCE], scopes: [['read']] };

const decided = (claims: Partial<Claims>, requirements: Partial<Requirements> = {}): Decision =>
  decide({ facts: facts(claims) }, { ...ALL, ...requirements }, NOW);
const denied = (reason: DenialReason) => ({ outcome: 'unauthorized', reason });

describe('decide', () => {
  it('allows a token that meets every requirement', () => {
    expect(decided({})).toEqual({ outcome: 'allow', facts: facts() });
  });

  it.each(['token_inactive', 'signature_invalid'] as const)(
    'denies a token that is known as %s, whatever is required',
    (invalid) => {
      expect(decide({ invalid }, NONE, NOW)).toEqual(denied(invalid));
      expect(decide({ invalid }, ALL, NOW)).toEqual(denied(invalid));
    },
  );

  it('allows until the moment of exp and not at it', () => {
    expect(decided({ exp: NOW + 0.001 }).outcome).toBe('allow');
    expect(decided({ exp: NOW })).toEqual(denied('token_expired'));
    expect(decided({ exp: NOW - 1 })).toEqual(denied('token_expired'));
    expect(decided({ exp: 0 })).toEqual(denied('token_expired'));
  });

  it('allows a token without exp', () => {
    expect(decided({ exp: undefined }).outcome).toBe('allow');
  });

  it('allows from nbf on, less the tolerance', () => {
    const earliest = NOW + NOT_BEFORE_TOLERANCE_SECONDS;

    expect(decided({ nbf: earliest }).outcome).toBe('allow');
    expect(decided({ nbf: earliest + 0.001 })).toEqual(denied('token_not_yet_valid'));
  });

  it('denies a sender-constrained token even where nothing is required', () => {
    const bound = { facts: facts({ senderConstrained: true }) };

    expect(decide(bound, NONE, NOW)).toEqual(denied('token_sender_constrained'));
  });

  it.each([undefined, '', `${ISSUER}/`, ISSUER.toUpperCase(), 'https://evil.example.com'])(
    'denies the issuer %j',
    (iss) => {
      expect(decided({ iss })).toEqual(denied('issuer_mismatch'));
    },
  );

  it('checks no issuer where none is required', () => {
    expect(decided({ iss: 'https://other.example.com' }, { issuer: undefined }).outcome).toBe(
      'allow',
    );
  });

  it.each([
    ['no audience', []],
    ['an audience that is absent', undefined],
    ['another audience', ['other']],
    ['a longer audience', [`${AUDIENCE}.evil.example`]],
  ])('denies %s', (_, aud) => {
    expect(decided({ aud })).toEqual(denied('audience_mismatch'));
  });

  it('allows one of several audiences, on both sides', () => {
    const audience = ['orders', AUDIENCE];

    expect(decided({ aud: ['other', AUDIENCE] }, { audience }).outcome).toBe('allow');
    expect(decided({ aud: ['other'] }, { audience })).toEqual(denied('audience_mismatch'));
    expect(decided({ aud: ['other'] }, { audience: [] }).outcome).toBe('allow');
  });

  it.each([
    ['no scope', []],
    ['scopes that are absent', undefined],
    ['one of two scopes', ['read']],
    ['a scope that begins alike', ['read', 'write2']],
    ['a scope in another case', ['read', 'Write']],
    ['both in one string', ['read write']],
  ])('forbids %s where two are required', (_, scopes) => {
    expect(decided({ scopes }, { scopes: [['read', 'write']] })).toEqual({
      outcome: 'forbidden',
      reason: 'insufficient_scope',
      facts: facts({ scopes }),
    });
  });

  it('allows more scopes than required', () => {
    expect(decided({ scopes: ['write', 'admin', 'read'] }).outcome).toBe('allow');
    expect(decided({ scopes: [] }, { scopes: [[]] }).outcome).toBe('allow');
    expect(decided({ scopes: undefined }, { scopes: [[]] }).outcome).toBe('allow');
  });

  it('allows any of several sets of scopes, but no mixture of them', () => {
    const scopes = [['admin'], ['read', 'write']];

    expect(decided({ scopes: ['admin'] }, { scopes }).outcome).toBe('allow');
    expect(decided({ scopes: ['write', 'read'] }, { scopes }).outcome).toBe('allow');
    expect(decided({ scopes: ['write'] }, { scopes }).outcome).toBe('forbidden');
    expect(decided({}, { scopes: [] }).outcome).toBe('forbidden');
  });

  it('denies an invalid token before it looks at scopes', () => {
    expect(decided({ exp: NOW, scopes: [] })).toEqual(denied('token_expired'));
    expect(decided({ aud: [], scopes: [] })).toEqual(denied('audience_mismatch'));
  });

  it('gives no facts with an unauthorized outcome', () => {
    expect(decided({ iss: 'x' })).not.toHaveProperty('facts');
  });
});
