import { createHmac } from 'node:crypto';
import { KEY_SET_TIMEOUT_MS } from '../../../../lambda/core/key-set';
import { createSignatureVerifier } from '../../../../lambda/io/authorization-server/signature-verifier';
import { createHttpClient } from '../../../../lambda/io/http/client';
import { USER_AGENT } from '../../../../lambda/io/http/user-agent';
import { faultWith } from '../../../support/faults';
import { deserted, type StubServer, startStubServer } from '../../../support/stub-server';
import { base64url, createSigningKey, jws, type SigningKey } from '../../../support/tokens';

let server: StubServer;
let one: SigningKey;
let two: SigningKey;
let nameless: SigningKey;
let namelessToo: SigningKey;
beforeAll(async () => {
  one = await createSigningKey('one');
  two = await createSigningKey('two');
  nameless = await createSigningKey();
  namelessToo = await createSigningKey();
  server = await startStubServer('/jwks', (response) => void response.end());
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
  publish(one.published);
});

function publish(...keys: unknown[]): void {
  publishText(JSON.stringify({ keys }));
}
function publishText(text: string, status = 200): void {
  server.answer((response) => void response.writeHead(status).end(text));
}
/** A clock that stands until it is advanced, in seconds. */
let clock = 0;
const advance = (seconds: number) => {
  clock += seconds;
};
const verifier = (jwksUri = server.url) =>
  createSignatureVerifier({
    jwksUri,
    send: createHttpClient(),
    now: () => clock,
    sleep: async (milliseconds) => advance(milliseconds / 1000),
  });
const NO_KEYS = faultWith('signature_keys_unavailable', '');
const NOT_PUBLIC = faultWith('introspection_response_invalid', 'the JWT is not signed in a way');

describe('createSignatureVerifier', () => {
  it.each(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'])(
    'accepts a good signature by %s and rejects a bad one',
    async (alg) => {
      const [ours, others] = [
        await createSigningKey('one', alg),
        await createSigningKey('one', alg),
      ];
      publish(ours.published);
      const isGood = verifier();
      const jwt = await ours.sign();
      // RSA keys of tests are the same, so the other token also has another payload.
      const other = await others.sign({ sub: 'mallory' });
      const [header, payload] = jwt.split('.');

      expect(await isGood(jwt)).toBe(true);
      expect(await isGood([header, payload, other.split('.')[2]].join('.'))).toBe(false);
    },
  );

  it('rejects a JWT with a changed payload or header', async () => {
    const isGood = verifier();
    const [header, payload, signature] = (await one.sign()).split('.');
    const other = (await one.sign({ sub: 'mallory' })).split('.');

    expect(await isGood([header, payload, signature].join('.'))).toBe(true);
    expect(await isGood([header, other[1], signature].join('.'))).toBe(false);
    const typed = base64url({ alg: 'ES256', kid: 'one', typ: 'JWT' });
    expect(await isGood([typed, payload, signature].join('.'))).toBe(false);
  });

  it('fetches the keys once for many tokens, and requests JSON', async () => {
    const isGood = verifier();
    await Promise.all([isGood(await one.sign()), isGood(await one.sign())]);
    await isGood(await one.sign());

    expect(server.requests).toMatchObject([
      { method: 'GET', path: '/jwks', headers: { accept: expect.stringContaining('json') } },
    ]);
  });

  it('does not flood the server for keys that are not published, and reports a fault, not a denial', async () => {
    const isGood = verifier();
    expect(await isGood(await one.sign())).toBe(true);
    for (let count = 0; count < 20; count++) {
      await expect(isGood(await two.sign({}, { kid: `k${count}` }))).rejects.toEqual(NO_KEYS);
    }
    expect(server.requests).toHaveLength(1);

    advance(1);
    for (let count = 0; count < 20; count++) {
      await expect(isGood(await two.sign())).rejects.toEqual(NO_KEYS);
    }
    expect(server.requests).toHaveLength(2);
  });

  it('finds a new key after the cooldown, not before', async () => {
    const isGood = verifier();
    expect(await isGood(await one.sign())).toBe(true);
    publish(one.published, two.published);

    advance(0.9);
    await expect(isGood(await two.sign())).rejects.toEqual(NO_KEYS);
    advance(0.1);
    expect(await isGood(await two.sign())).toBe(true);
    expect(await isGood(await one.sign())).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it('drops a key that is withdrawn, after ten minutes', async () => {
    const isGood = verifier();
    expect(await isGood(await one.sign())).toBe(true);
    publish(two.published);

    advance(599);
    expect(await isGood(await one.sign())).toBe(true);
    advance(2);
    await expect(isGood(await one.sign())).rejects.toEqual(NO_KEYS);
  });

  it('tries every key without an id', async () => {
    publish(one.published, nameless.published, namelessToo.published);
    const isGood = verifier();

    expect(await isGood(await nameless.sign())).toBe(true);
    expect(await isGood(await namelessToo.sign())).toBe(true);
    expect(await isGood(await (await createSigningKey()).sign())).toBe(false);
  });

  it.each([0, 0.5, 1, 60])(
    'finds the key that replaced another one without an id %d s after a fetch',
    async (seconds) => {
      publish(nameless.published);
      const isGood = verifier();
      expect(await isGood(await nameless.sign())).toBe(true);
      publish(namelessToo.published);
      advance(seconds);

      expect(await isGood(await namelessToo.sign())).toBe(true);
      expect(await isGood(await nameless.sign())).toBe(false);
    },
  );

  it('finds the key that replaced another one under the same id', async () => {
    const replaced = await createSigningKey('one');
    const isGood = verifier();
    expect(await isGood(await one.sign())).toBe(true);
    publish(replaced.published);

    expect(await isGood(await replaced.sign())).toBe(true);
  });

  it('finds a key that replaced another one while the keys were being fetched', async () => {
    const replaced = await createSigningKey('one');
    const isGood = verifier();
    expect(await isGood(await one.sign())).toBe(true);
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      server.answer((response) => {
        answer = () => response.end(JSON.stringify({ keys: [one.published] }));
        resolve();
      });
    });
    const first = isGood(await (await createSigningKey('one')).sign());
    await asked;
    publish(replaced.published);
    const second = isGood(await replaced.sign());
    answer();

    expect(await second).toBe(true);
    expect(await first).toBe(false);
  });

  it('fetches the keys once for many bad signatures at a time', async () => {
    const isGood = verifier();
    const theirs = await createSigningKey('one');
    expect(await isGood(await one.sign())).toBe(true);
    const jwt = await theirs.sign();

    expect(await Promise.all(Array.from({ length: 20 }, () => isGood(jwt)))).toEqual(
      Array.from({ length: 20 }, () => false),
    );
    expect(server.requests).toHaveLength(2);
  });

  it('a bad signature is a fault if the keys cannot be fetched again', async () => {
    const isGood = verifier();
    const theirs = await createSigningKey('one');
    expect(await isGood(await one.sign())).toBe(true);
    publishText('', 500);

    await expect(isGood(await theirs.sign())).rejects.toEqual(NO_KEYS);
    expect(await isGood(await one.sign())).toBe(true);
  });

  it('two fetches of keys and the pause between them have one deadline, after which they are a fault', async () => {
    const timers: { readonly ms: number; readonly expire: () => void }[] = [];
    const isGood = createSignatureVerifier({
      jwksUri: server.url,
      send: createHttpClient(),
      now: () => clock,
      sleep: async (milliseconds) => advance(milliseconds / 1000),
      clock: {
        after(ms, expire) {
          timers.push({ ms, expire });
          return () => undefined;
        },
      },
    });
    expect(await isGood(await one.sign())).toBe(true);
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      server.answer((response) => {
        answer = () => response.end(JSON.stringify({ keys: [two.published] }));
        resolve();
      });
    });
    const verdict = isGood(await (await createSigningKey('one')).sign());
    await asked;
    timers.at(-1)?.expire();

    await expect(verdict).rejects.toEqual(NO_KEYS);
    expect(timers.map(({ ms }) => ms)).toEqual([KEY_SET_TIMEOUT_MS, KEY_SET_TIMEOUT_MS]);
    // The fetch went on: its keys serve other requests.
    answer();
    expect(await isGood(await two.sign())).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it('reads a key set of 900 KB', async () => {
    publish(
      ...Array.from({ length: 300 }, () => ({ kty: 'RSA', x5c: ['x'.repeat(3000)] })),
      one.published,
    );

    expect(await verifier()(await one.sign())).toBe(true);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 1],
    ['a string', 'key'],
    ['a list', [1]],
    ['an object without a type', {}],
    ['a key of an unknown type', { kty: 'x', kid: 'one' }],
    ['a key without its parameters', { kty: 'EC', kid: 'three' }],
    ['members of wrong types', { kty: 5, kid: 5, key_ops: 5, alg: 5, use: 5, crv: 5, ext: 5 }],
  ])('skips an entry of the key set that is %s', async (_, entry) => {
    publish(entry, one.published);

    expect(await verifier()(await one.sign())).toBe(true);
  });

  it('the signature verifier names itself to the server', async () => {
    await verifier()(await one.sign());

    expect(server.requests[0]?.headers['user-agent']).toBe(USER_AGENT);
  });

  it('ignores private and symmetric keys that are published by accident', async () => {
    const oct = { kty: 'oct', kid: 'two', k: base64url('secret') };

    publish(one.published, two.secret, oct);
    await expect(verifier()(await two.sign())).rejects.toEqual(NO_KEYS);
    expect(await verifier()(await one.sign())).toBe(true);
  });

  it('uses no key that the token contains or refers to', async () => {
    const url = new URL('/theirs', server.url).href;
    const isGood = verifier();
    for (const header of [{ jwk: two.published }, { jku: url }, { x5u: url }, { x5c: ['MII='] }]) {
      expect(await isGood(await two.sign({}, { ...header, kid: 'one' }))).toBe(false);
      await expect(isGood(await two.sign({}, header))).rejects.toEqual(NO_KEYS);
    }

    expect(new Set(server.requests.map(({ path }) => path))).toEqual(new Set(['/jwks']));
  });

  it('refuses HS256 before it fetches keys, also if the set holds the shared secret', async () => {
    const key = base64url('secret');
    publish({ kty: 'oct', kid: 'one', alg: 'HS256', k: key });
    const signingInput = `${base64url({ alg: 'HS256', kid: 'one' })}.${base64url({})}`;
    const signature = createHmac('sha256', 'secret').update(signingInput).digest('base64url');

    await expect(verifier()(`${signingInput}.${signature}`)).rejects.toEqual(NOT_PUBLIC);
    expect(server.requests).toHaveLength(0);
  });

  it('an algorithm that is not listed, such as one with a shared secret, is a fault', async () => {
    const signingInput = `${base64url({ alg: 'HS256', kid: 'one' })}.${base64url({})}`;
    const confused = createHmac('sha256', JSON.stringify(one.published)).update(signingInput);

    const isGood = verifier();
    await expect(isGood(`${signingInput}.${confused.digest('base64url')}`)).rejects.toEqual(
      NOT_PUBLIC,
    );
    await expect(isGood(jws({}, { alg: 'none', kid: 'one' }))).rejects.toEqual(NOT_PUBLIC);
    await expect(isGood(jws({}, { alg: 'ML-DSA-65', kid: 'one' }))).rejects.toEqual(NOT_PUBLIC);
    await expect(isGood(jws({}, { alg: 'ES256', kid: 'one', crit: ['x'], x: 1 }))).rejects.toEqual(
      NOT_PUBLIC,
    );
    await expect(
      isGood(jws({}, { alg: 'ES256', kid: 'one', b64: false, crit: ['b64'] })),
    ).resolves.toBe(false);
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });

  it.each<[string, () => void]>([
    ['HTML', () => publishText('<html></html>')],
    ['an empty body', () => publishText('')],
    ['503', () => publishText('', 503)],
    ['a redirect', () => publishText('', 302)],
    ['401 with keys', () => publishText(JSON.stringify({ keys: [one.published] }), 401)],
    ['a list', () => publishText(JSON.stringify([one.published]))],
    ['values that are not keys', () => publish('key')],
    ['no keys', () => publish()],
    ['too much', () => publish(one.published, { pad: 'x'.repeat(1_048_576) })],
    ['and hangs up', () => server.answer((response) => void response.destroy())],
  ])('keys are a fault if the server sends %s, and are fetched again later', async (_, answer) => {
    answer();
    const isGood = verifier();
    const jwt = await one.sign();
    await expect(isGood(jwt)).rejects.toEqual(NO_KEYS);

    publish(one.published);
    advance(11);
    expect(await isGood(jwt)).toBe(true);
  });

  it('a key server that does not listen is a fault that names the host', async () => {
    const url = await deserted();

    await expect(verifier(url)(await one.sign())).rejects.toMatchObject({
      code: 'signature_keys_unavailable',
      message: expect.stringContaining(
        `the keys of ${url.host} could not be fetched: ECONNREFUSED`,
      ),
      advice: expect.stringContaining('token.jwksUri'),
    });
  });

  it('a fault names the status of a response without keys', async () => {
    publishText('', 404);

    await expect(verifier()(await one.sign())).rejects.toEqual(
      faultWith(
        'signature_keys_unavailable',
        `the keys of ${server.url.host} could not be fetched: the response has status 404`,
      ),
    );
  });

  it('a fault names the host of keys among which the signing key is not', async () => {
    await expect(verifier()(await two.sign())).rejects.toEqual(
      faultWith(
        'signature_keys_unavailable',
        `${server.url.host} has no key that could verify the JWT`,
      ),
    );
  });

  it.each<[string, () => void]>([
    ['hangs up', () => server.answer((response) => void response.destroy())],
    ['responds with 500', () => publishText('', 500)],
    ['responds with HTML', () => publishText('<html></html>')],
  ])(
    'the circuit to a key server that %s three times opens, and half-opens a little later',
    async (_, fail) => {
      const isGood = verifier();
      const jwt = await one.sign();
      fail();
      for (let count = 0; count < 5; count++) await expect(isGood(jwt)).rejects.toEqual(NO_KEYS);
      expect(server.requests).toHaveLength(3);

      publish(one.published);
      await expect(isGood(jwt)).rejects.toEqual(NO_KEYS);
      advance(5);
      expect(await isGood(jwt)).toBe(true);
    },
  );

  it('the fault of a signature does not quote the token', async () => {
    const jwt = await two.sign();
    const fault = await verifier()(jwt).catch((error) => error);

    const printed = JSON.stringify([fault, String(fault), String(fault.cause)]);
    for (const part of jwt.split('.')) expect(printed).not.toContain(part);
  });
});
