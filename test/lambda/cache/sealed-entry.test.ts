import { createDecipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createSealing } from '../../../lambda/cache/sealed-entry';

const IDENTITY = ['https://login.example.com/introspect', 'application/jwt', 'arn', 'gateway'];
const BINDING = { id: 'id', expiresAt: 1_800_000_000 };
const TEXT = 'eyJ.eyJ.sig';
const VERSION = 3;
let sealing: ReturnType<typeof createSealing>;
beforeAll(() => {
  sealing = createSealing('secret', IDENTITY);
});
const sealed = () => sealing.seal('token', TEXT, BINDING);

describe('a sealed entry', () => {
  it('a sealed entry opens with the same token and binding, whatever it holds', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, fc.string(), fc.string(), fc.nat(), (held, token, id, expiresAt) => {
        const entry = sealing.seal(token, held, { id, expiresAt });
        expect(sealing.open(token, entry, { id, expiresAt })).toBe(held);
      }),
    );
  });

  it('a sealed entry opens in every environment of the deployment', () => {
    expect(createSealing('secret', [...IDENTITY]).open('token', sealed(), BINDING)).toBe(TEXT);
  });

  it('a sealed entry does not open with any bit flipped', () => {
    const entry = sealed();

    for (let bit = 0; bit < entry.length * 8; bit++) {
      const flipped = Buffer.from(entry);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(sealing.open('token', flipped, BINDING)).toBeUndefined();
    }
  });

  it('a sealed entry does not open with any byte cut off or added', () => {
    const entry = sealed();

    for (let length = 0; length < entry.length; length++) {
      expect(sealing.open('token', entry.subarray(0, length), BINDING)).toBeUndefined();
      expect(sealing.open('token', entry.subarray(length + 1), BINDING)).toBeUndefined();
    }
    expect(sealing.open('token', Buffer.concat([entry, Buffer.of(0)]), BINDING)).toBeUndefined();
  });

  it.each([
    ['another id', { ...BINDING, id: 'other' }],
    ['a later expiry', { ...BINDING, expiresAt: BINDING.expiresAt + 1 }],
    ['an earlier expiry', { ...BINDING, expiresAt: BINDING.expiresAt - 1 }],
    ['no expiry', { ...BINDING, expiresAt: Number.NaN }],
  ])('a sealed entry does not open under %s', (_, binding) => {
    expect(sealing.open('token', sealed(), binding)).toBeUndefined();
  });

  it('a sealed entry does not open for another secret, configuration or token, whatever they are', () => {
    const part = fc.oneof(fc.constantFrom('', 'a', 'b', 'ab'), fc.string({ maxLength: 3 }));
    const deployment = fc.record({
      secret: part,
      identity: fc.array(part, { maxLength: 4 }),
      token: part,
    });

    fc.assert(
      fc.property(deployment, deployment, (one, other) => {
        const entry = createSealing(one.secret, one.identity).seal(one.token, TEXT, BINDING);
        const opened = createSealing(other.secret, other.identity).open(
          other.token,
          entry,
          BINDING,
        );
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(opened).toBe(same ? TEXT : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('data that was never sealed does not open as a sealed entry', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, versioned) => {
        const entry = versioned ? Buffer.concat([Buffer.of(VERSION), bytes]) : bytes;
        expect(sealing.open('token', entry, BINDING)).toBeUndefined();
      }),
    );
  });

  it('a sealed entry has 29 bytes more than its text, and opens also if the text is empty', () => {
    for (const [text, bytes] of [
      ['', 0],
      ['a', 1],
      ['é', 2],
    ] as const) {
      const entry = sealing.seal('token', text, BINDING);
      expect(entry).toHaveLength(29 + bytes);
      expect(sealing.open('token', entry, BINDING)).toBe(text);
    }
  });

  it('a sealed entry does not open, and does not throw, if it is too short for a nonce and a tag', () => {
    for (let length = 0; length <= 29; length++) {
      const entry = Buffer.alloc(length, VERSION);
      expect(sealing.open('token', entry, BINDING)).toBeUndefined();
    }
  });

  it('a sealed entry opens as a view of a larger buffer', () => {
    const entry = sealed();
    const larger = Buffer.concat([Buffer.alloc(7), entry, Buffer.alloc(5)]);

    expect(sealing.open('token', new Uint8Array(larger).subarray(7, -5), BINDING)).toBe(TEXT);
  });

  it.each([
    ['another secret', 'other', IDENTITY, 'token'],
    ['another configuration', 'secret', [...IDENTITY, ''], 'token'],
    ['a configuration of fewer parts', 'secret', IDENTITY.slice(1), 'token'],
    ['another token', 'secret', IDENTITY, 'token2'],
    ['parts that are alike when joined', 'secret', IDENTITY.slice(0, -1), 'gatewaytoken'],
  ])('a sealed entry does not open for %s', (_, secret, identity, token) => {
    expect(createSealing(secret, identity).open(token, sealed(), BINDING)).toBeUndefined();
  });

  it('a sealed entry begins with its version', () => {
    expect(sealed()[0]).toBe(VERSION);
  });

  it('a sealed entry has a nonce of its own each time', () => {
    const entries = Array.from({ length: 100 }, () => sealed().toString('hex'));

    expect(new Set(entries.map((hex) => hex.slice(2, 26))).size).toBe(100);
  });

  it('a sealed entry shows nothing of its content', () => {
    const text = randomBytes(300).toString('base64url');

    expect(sealing.seal('token', text, BINDING).toString('latin1')).not.toContain(text.slice(0, 8));
  });
});

describe('the id of an entry', () => {
  const entryId = (secret: string, identity: readonly string[], token: string) =>
    createSealing(secret, identity).entryId(token);

  it('the id of an entry is the same in every environment of the deployment', () => {
    expect(entryId('secret', [...IDENTITY], 'token')).toBe(sealing.entryId('token'));
  });

  it('the id of an entry differs for different parts, also where they are alike when joined', () => {
    const parts = fc.array(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 4 });
    const some = fc.tuple(fc.string({ maxLength: 2 }), parts, fc.string({ maxLength: 4 }));

    fc.assert(
      fc.property(some, some, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(entryId(...one) === entryId(...other)).toBe(same);
      }),
    );
    expect(entryId('s', ['a', 'b'], 'c')).not.toBe(entryId('s', ['a'], 'bc'));
    expect(entryId('s', ['a', 'b'], 'c')).not.toBe(entryId('s', ['ab'], 'c'));
    expect(entryId('s', ['a', 'b'], 'c')).not.toBe(entryId('s', ['b', 'a'], 'c'));
  });

  it('the id of an entry cannot be derived from the token alone, without the secret', () => {
    expect(entryId('other', IDENTITY, 'token')).not.toBe(sealing.entryId('token'));
  });

  it('the id of an entry is a digest of fixed length that shows nothing of the token', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{8,40}$/), (token) => {
        const id = sealing.entryId(token);
        expect(id).toMatch(/^[\w-]{43}$/);
        expect(id).not.toContain(token);
      }),
    );
  });
});

describe('the sealed format', () => {
  // Made by another implementation: Python's hashlib and hmac, and AESGCM of the package cryptography.
  const KNOWN = {
    secret: 'a secret of at least 32 characters',
    identity: ['https://login.example.com/introspect', 'application/jwt', 'gateway'],
    token: 'access-token',
    id: 'duEso16xOLeZTVTUefYh__xwgQxa_ZisHazEzUjUef0',
    expiresAt: 1_800_000_300,
    text: 'eyJ.eyJ.sig',
    // Version, nonce 00…0b, ciphertext, tag.
    sealed: '03000102030405060708090a0b2c03dafa6c8ff9d35536cafb1ae65dc12675ae321869aedfe76e24',
  };
  const { secret, identity, token, id, expiresAt, text } = KNOWN;
  const sealing = () => createSealing(secret, identity);
  const entry = Buffer.from(KNOWN.sealed, 'hex');

  it('the sealed format gives the id of the known-answer vector', () => {
    expect(sealing().entryId(token)).toBe(id);
  });

  it('the sealed format opens the entry of the known-answer vector', () => {
    expect(sealing().open(token, entry, { id, expiresAt })).toBe(text);
  });

  it('a sealed entry does not open under its id, which is public, since the labels of the two keys differ', () => {
    const key = Buffer.from(id, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, entry.subarray(1, 13));
    decipher.setAuthTag(entry.subarray(-16));
    const part = (value: string) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(value.length);
      return Buffer.concat([length, Buffer.from(value)]);
    };
    decipher.setAAD(Buffer.concat(['3', id, String(expiresAt)].map(part)));
    decipher.update(entry.subarray(13, -16));

    expect(() => decipher.final()).toThrow();
  });
});
