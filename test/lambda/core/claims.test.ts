import fc from 'fast-check';
import { CLAIM_NAMES, type Claims, combineClaims, readClaims } from '../../../lambda/core/claims';
import { faultWith, thrownBy } from '../../support/faults';
import { claims, NOW } from '../../support/tokens';

const NONE: Claims = {
  iss: undefined,
  aud: undefined,
  sub: undefined,
  clientId: undefined,
  scopes: undefined,
  exp: undefined,
  nbf: undefined,
  senderConstrained: false,
  otherKind: undefined,
};

describe('readClaims', () => {
  it('reads the members that CLAIM_NAMES lists and no others', () => {
    const read = new Set<PropertyKey>();
    readClaims(new Proxy({}, { get: (_, name) => void read.add(name) }));

    expect([...read].sort()).toEqual([...CLAIM_NAMES].sort());
  });

  it.each([0, -1, 1.5, NOW])('reads %d as the time of exp and nbf', (time) => {
    expect(readClaims({ exp: time, nbf: time })).toMatchObject({ exp: time, nbf: time });
  });

  it.each(['exp', 'nbf'])('refuses an %s that is not a finite number', (name) => {
    for (const value of [String(NOW), Number.NaN, Number.POSITIVE_INFINITY, true, [NOW], {}]) {
      expect(thrownBy(() => readClaims({ [name]: value }))).toEqual(
        faultWith('introspection_response_invalid', `${name} is not a number of seconds`),
      );
    }
  });

  it('reads every claim of an empty response as absent', () => {
    expect(readClaims({})).toEqual(NONE);
  });

  it.each([
    ['a string', 'a', ['a']],
    ['a list', ['a', 'b'], ['a', 'b']],
    ['an empty list', [], []],
  ])('reads an audience that is %s', (_, aud, expected) => {
    expect(readClaims({ aud }).aud).toEqual(expected);
  });

  it.each([
    ['a string', ' read  write ', ['read', 'write']],
    ['an empty string', '', []],
    ['a list', ['read', 'write'], ['read', 'write']],
    [
      'a list with two scopes in an entry',
      ['openid read', 'write', ' '],
      ['openid', 'read', 'write'],
    ],
  ])('reads scopes that are %s', (_, scope, expected) => {
    expect(readClaims({ scope }).scopes).toEqual(expected);
  });

  it.each([{ jkt: 'x' }, { 'x5t#S256': 'x' }, {}, null, 'x', false])(
    'treats a token with cnf %j as bound to its sender',
    (cnf) => {
      expect(readClaims({ cnf }).senderConstrained).toBe(true);
    },
  );

  it.each([
    ['DPoP', true],
    ['dpop', true],
    ['Bearer', false],
    ['', false],
  ])('a token with token_type %j is bound to its sender: %j', (token_type, bound) => {
    expect(readClaims({ token_type }).senderConstrained).toBe(bound);
  });

  it.each([
    ['iss', 1],
    ['iss', null],
    ['sub', ['alice']],
    ['client_id', {}],
    ['exp', '1800000000'],
    ['exp', null],
    ['exp', Number.POSITIVE_INFINITY],
    ['exp', Number.NaN],
    ['nbf', '1'],
    ['aud', 1],
    ['aud', [1]],
    ['aud', null],
    ['scope', { read: true }],
    ['scope', ['read', 1]],
    ['token_type', 7],
    ['token_type', null],
    ['token_use', ['access']],
    ['token_use', true],
    ['typ', {}],
    ['typ', ['Bearer']],
  ])('refuses the claim %s with the value %j', (name, value) => {
    expect(thrownBy(() => readClaims({ [name]: value }))).toEqual(
      faultWith('introspection_response_invalid', `${name} is`),
    );
  });
});

describe('combineClaims', () => {
  it.each([
    ['the earlier exp', 'exp', NOW, NOW + 1, NOW],
    ['the later nbf', 'nbf', NOW, NOW + 1, NOW + 1],
  ] as const)(
    'combined claims have %s, whichever side states it',
    (_, name, one, other, expected) => {
      const [first, second] = [
        { ...NONE, [name]: one },
        { ...NONE, [name]: other },
      ];

      expect(combineClaims(first, second)[name]).toBe(expected);
      expect(combineClaims(second, first)[name]).toBe(expected);
    },
  );

  it.each([
    ['both', ['a', 'b'], ['b', 'c'], ['b']],
    ['both, in another order', ['a', 'b'], ['b', 'a'], ['a', 'b']],
    ['both, with nothing in common', ['a'], ['b'], []],
    ['both, one of which is empty', [], ['b'], []],
    ['both, in another case', ['A'], ['a'], []],
    ['the one', ['a', 'b'], undefined, ['a', 'b']],
    ['the other', undefined, ['a', 'b'], ['a', 'b']],
    ['neither', undefined, undefined, undefined],
  ])(
    'combined claims have the scopes and audiences that are common, if stated by %s',
    (_, one, other, expected) => {
      const combined = combineClaims(
        { ...NONE, scopes: one, aud: one },
        { ...NONE, scopes: other, aud: other },
      );

      expect(combined.scopes).toEqual(expected);
      expect(combined.aud).toEqual(expected);
    },
  );

  it.each([
    ['iss', { iss: 'a' }, { iss: 'b' }],
    ['sub', { sub: 'alice' }, { sub: 'mallory' }],
    ['sub', { sub: 'alice' }, { sub: '' }],
    ['client_id', { clientId: 'shop' }, { clientId: 'Shop' }],
  ])(
    'claims of two sides that disagree on %s are a fault that quotes neither',
    (name, one, other) => {
      const combine = () => combineClaims({ ...NONE, ...one }, { ...NONE, ...other });

      expect(thrownBy(combine)).toEqual(faultWith('introspection_response_invalid', 'the intro'));
      expect(String(thrownBy(combine))).toMatch(new RegExp(`disagree on ${name}$`));
    },
  );

  it('combined claims are bound to their sender if either side is', () => {
    const bound = { ...NONE, senderConstrained: true };

    expect(combineClaims(bound, NONE).senderConstrained).toBe(true);
    expect(combineClaims(NONE, bound).senderConstrained).toBe(true);
    expect(combineClaims(NONE, NONE).senderConstrained).toBe(false);
  });

  it('a client_id of the response that equals the azp of the JWT is not a contradiction', () => {
    const jwt = { ...NONE, clientId: 'first-client' };

    expect(combineClaims(jwt, { ...NONE, clientId: 'shop' }, 'shop').clientId).toBe('shop');
    expect(combineClaims(NONE, { ...NONE, clientId: 'shop' }, 'other').clientId).toBe('shop');
    expect(combineClaims(jwt, NONE, 'shop').clientId).toBe('first-client');
  });

  it.each(['other', 'Shop', '', undefined, null, ['shop'], { shop: 1 }])(
    'a client_id of the response contradicts the azp %j',
    (azp) => {
      const combine = () =>
        combineClaims({ ...NONE, clientId: 'first-client' }, { ...NONE, clientId: 'shop' }, azp);

      expect(thrownBy(combine)).toEqual(
        faultWith('introspection_response_invalid', 'the introspection response and its JWT'),
      );
    },
  );

  it('an azp of the response itself does not resolve a contradiction', () => {
    const stated = readClaims({ client_id: 'shop', azp: 'shop' });
    const combine = () => combineClaims({ ...NONE, clientId: 'first-client' }, stated);

    expect(thrownBy(combine)).toEqual(
      faultWith('introspection_response_invalid', 'the introspection response and its JWT'),
    );
  });

  it('combined claims have what only one side states as it is', () => {
    const all = claims({ nbf: NOW });

    expect(combineClaims(all, NONE)).toEqual(all);
    expect(combineClaims(NONE, all)).toEqual(all);
    expect(combineClaims(all, all)).toEqual(all);
  });

  it('combined claims never grant more than either side alone', () => {
    const list = fc.option(fc.subarray(['a', 'b', 'c']), { nil: undefined });
    const time = fc.option(fc.integer({ min: NOW - 5, max: NOW + 5 }), { nil: undefined });
    const some = fc.record({
      ...{ iss: fc.constant(undefined), sub: fc.constant(undefined) },
      ...{ clientId: fc.constant(undefined), aud: list, scopes: list, exp: time, nbf: time },
      senderConstrained: fc.boolean(),
      otherKind: fc.option(fc.constant('typ: ID'), { nil: undefined }),
    });

    fc.assert(
      fc.property(some, some, (one, other) => {
        const both = combineClaims(one, other);
        for (const side of [one, other]) {
          for (const name of ['scopes', 'aud'] as const) {
            if (side[name])
              expect(side[name]).toEqual(expect.arrayContaining([...(both[name] ?? ['none'])]));
          }
          if (side.exp !== undefined) expect(both.exp).toBeLessThanOrEqual(side.exp);
          if (side.nbf !== undefined) expect(both.nbf).toBeGreaterThanOrEqual(side.nbf);
          if (side.senderConstrained) expect(both.senderConstrained).toBe(true);
          if (side.otherKind) expect(both.otherKind).toBe(side.otherKind);
        }
      }),
    );
  });
});
