import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { publishedKeySet, readSigningKeys } from '../../../../lambda/core/signing-keys';
import { createCachedSecret } from '../../../../lambda/io/aws/cached-secret';
import { createLocalSigner, loadSigningKeys } from '../../../../lambda/io/signing/local-signer';
import { faultWith, thrownBy } from '../../../support/faults';
import { signerOf, signingSecret } from '../../../support/minting';
import { createPrivateJwk } from '../../../support/signing-keys';

const keySetOf = (text: string) =>
  createLocalJWKSet(publishedKeySet(readSigningKeys(text)) as never);
const currentIdOf = (text: string) => readSigningKeys(text).current.keyId;

/** A signer over a secret that can be rotated, with a clock that stands still. */
function rotatingSigner() {
  const state = { text: signingSecret(), reads: 0, now: 0 };
  const secret = createCachedSecret({
    secretsManager: async () => {
      state.reads += 1;
      return { SecretString: state.text };
    },
    secretArn: 'arn',
    parse: loadSigningKeys,
    unavailable: 'signing_keys_unavailable',
    now: () => state.now,
  });
  const rotate = () => {
    const { current: previous, next: current } = JSON.parse(state.text);
    state.text = signingSecret({ previous, current });
  };
  return { state, rotate, signer: createLocalSigner(secret) };
}
const keyIdOf = (jwt: string) => String(decodeProtectedHeader(jwt).kid);

describe('createLocalSigner', () => {
  it.each(['ES256', 'EdDSA', 'PS256', 'RS256'] as const)(
    'the local signer signs by %s so that upstream APIs verify it with the published key set',
    async (algorithm) => {
      const text = signingSecret({ current: createPrivateJwk(algorithm) });

      const jwt = await signerOf(text).sign({ sub: 'alice' });

      const { payload, protectedHeader } = await jwtVerify(jwt, keySetOf(text), {
        algorithms: [algorithm],
        typ: 'at+jwt',
      });
      expect(payload).toEqual({ sub: 'alice' });
      expect(protectedHeader).toEqual({ typ: 'at+jwt', alg: algorithm, kid: currentIdOf(text) });
    },
  );

  it('the local signer signs with the rotated key as soon as the cached secret is too old', async () => {
    const { signer, state, rotate } = rotatingSigner();
    const first = keyIdOf(await signer.sign({}));
    rotate();

    expect(keyIdOf(await signer.sign({}))).toBe(first);
    state.now = 300;
    expect(keyIdOf(await signer.sign({}))).toBe(currentIdOf(state.text));
    expect(signer.isPublished(first)).toBe(true);
  });

  it('the local signer learns of a rotation in the background while caches serve every request', async () => {
    const { signer, state, rotate } = rotatingSigner();
    const first = keyIdOf(await signer.sign({}));
    rotate();
    rotate();
    state.now = 300;

    expect(signer.isPublished(first)).toBe(true);
    await signer.ready();

    expect(signer.isPublished(first)).toBe(false);
    expect(state.reads).toBe(2);
  });

  it('the local signer rereads the secret before it signs if it has seen a key that it does not know', async () => {
    const { signer, state, rotate } = rotatingSigner();
    await signer.ready();
    rotate();
    rotate();
    rotate();
    state.now = 5;
    const newest = currentIdOf(state.text);

    expect(signer.isPublished(newest)).toBe(false);
    expect(keyIdOf(await signer.sign({}))).toBe(newest);
    expect(signer.isPublished(newest)).toBe(true);
  });

  it('the local signer treats no key as published before it has read the secret', () => {
    const { signer, state } = rotatingSigner();

    expect(signer.isPublished(currentIdOf(state.text))).toBe(false);
  });
});

describe('loadSigningKeys', () => {
  it('loadSigningKeys fails without quoting a key that Node.js cannot use', () => {
    const jwk: Record<string, string> = { ...createPrivateJwk(), x: 'AAAA' };
    const error = thrownBy(() => loadSigningKeys(signingSecret({ current: jwk })));

    expect(error).toEqual(faultWith('signing_keys_invalid'));
    expect(String((error as Error).stack)).not.toContain(jwk['d']);
    expect((error as Error).cause).toBeUndefined();
  });
});
