import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { deploymentKey, entryId, entryKey, seal, unseal } from '../../../lambda/core/sealed-entry';

const IDENTITY = ['https://login.example.com/introspect', 'application/jwt', 'arn'];
const KEY = entryKey(deploymentKey('secret'), IDENTITY, 'token');
const BINDING = { id: 'id', expiresAt: 1_800_000_000 };
const TEXT = 'eyJ.eyJ.sig';

describe('a sealed entry', () => {
  it('opens with the same key and binding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.nat(), (text, id, expiresAt) => {
        const binding = { id, expiresAt };
        expect(unseal(seal(text, KEY, binding), KEY, binding)).toBe(text);
      }),
    );
  });

  it('does not open with any bit flipped', () => {
    const sealed = seal(TEXT, KEY, BINDING);

    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(unseal(flipped, KEY, BINDING)).toBeUndefined();
    }
  });

  it('does not open with any byte cut off or added', () => {
    const sealed = seal(TEXT, KEY, BINDING);

    for (let length = 0; length < sealed.length; length++) {
      expect(unseal(sealed.subarray(0, length), KEY, BINDING)).toBeUndefined();
      expect(unseal(sealed.subarray(length + 1), KEY, BINDING)).toBeUndefined();
    }
    expect(unseal(Buffer.concat([sealed, Buffer.of(0)]), KEY, BINDING)).toBeUndefined();
  });

  it.each([
    ['another id', { ...BINDING, id: 'other' }],
    ['a later expiry', { ...BINDING, expiresAt: BINDING.expiresAt + 1 }],
    ['no expiry', { ...BINDING, expiresAt: Number.NaN }],
  ])('does not open under %s', (_, binding) => {
    expect(unseal(seal(TEXT, KEY, BINDING), KEY, binding)).toBeUndefined();
  });

  it.each([
    ['another access token', entryKey(deploymentKey('secret'), IDENTITY, 'token2')],
    ['another secret of the deployment', entryKey(deploymentKey('secret2'), IDENTITY, 'token')],
    ['another endpoint', entryKey(deploymentKey('secret'), ['x', ...IDENTITY.slice(1)], 'token')],
    ['one part more', entryKey(deploymentKey('secret'), [...IDENTITY, 'client'], 'token')],
  ])('does not open with the key of %s', (_, key) => {
    expect(unseal(seal(TEXT, KEY, BINDING), key, BINDING)).toBeUndefined();
  });

  it('does not open if it was never sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, versioned) => {
        const entry = versioned ? Buffer.concat([Buffer.of(1), bytes]) : bytes;
        expect(unseal(entry, KEY, BINDING)).toBeUndefined();
      }),
    );
  });

  it('takes a nonce of its own each time', () => {
    const sealed = Array.from({ length: 100 }, () => seal(TEXT, KEY, BINDING).toString('hex'));

    expect(new Set(sealed.map((hex) => hex.slice(2, 26))).size).toBe(100);
  });

  it('shows nothing of what it holds', () => {
    const text = randomBytes(300).toString('base64url');

    expect(seal(text, KEY, BINDING).toString('latin1')).not.toContain(text.slice(0, 8));
  });
});

describe('entryId', () => {
  it('is the same for the same parts', () => {
    expect(entryId(IDENTITY, 'token')).toBe(entryId([...IDENTITY], 'token'));
  });

  it('differs for different parts, also where they are alike when joined', () => {
    const parts = fc.array(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 4 });

    fc.assert(
      fc.property(parts, fc.string({ maxLength: 4 }), parts, fc.string(), (a, one, b, other) => {
        const same = JSON.stringify([a, one]) === JSON.stringify([b, other]);
        expect(entryId(a, one) === entryId(b, other)).toBe(same);
      }),
    );
    expect(entryId(['a', 'b'], 'c')).not.toBe(entryId(['a'], 'bc'));
    expect(entryId(['a', 'b'], 'c')).not.toBe(entryId(['ab'], 'c'));
    expect(entryId(['a', 'b'], 'c')).not.toBe(entryId(['b', 'a'], 'c'));
  });

  it('is a digest of fixed length that shows nothing of the token', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{8,40}$/), (token) => {
        const id = entryId(IDENTITY, token);
        expect(id).toMatch(/^[\w-]{43}$/);
        expect(id).not.toContain(token);
      }),
    );
  });

  it('is no key of an entry', () => {
    const key = entryKey(deploymentKey('secret'), IDENTITY, 'token');

    expect(entryId(IDENTITY, 'token')).not.toBe(key.toString('base64url'));
  });
});
