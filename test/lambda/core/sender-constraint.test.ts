import type { Confirmation } from '../../../lambda/core/confirmation';
import type { VerifiedProof } from '../../../lambda/core/dpop-proof';
import { checkSender } from '../../../lambda/core/sender-constraint';
import { CLIENT_CERTIFICATE } from '../../support/client-certificate';
import { claims, NOW } from '../../support/tokens';

const USE = { accessToken: 'token', thumbprint: 'key', jti: 'one', expiresAt: NOW + 60 };
const KEY: Confirmation = { method: 'jkt', value: 'key' };
const CERTIFICATE: Confirmation = { method: 'x5t#S256', value: CLIENT_CERTIFICATE.thumbprint };
const ANOTHER_CERTIFICATE: Confirmation = { method: 'x5t#S256', value: 'other' };

interface Request {
  readonly scheme?: 'DPoP';
  readonly mode?: 'accept' | 'require';
  readonly proofs?: readonly string[];
  readonly certificate?: string | undefined;
  readonly now?: number;
  readonly verified?: VerifiedProof;
  /** Flag for a token that something other than `cnf` binds, as `token_type` does. */
  readonly senderConstrained?: boolean;
}

/** Checks a token with confirmations; `undefined` for one without `cnf`. */
function check(confirmations: readonly Confirmation[] | undefined, request: Request = {}) {
  const { scheme, mode = 'accept', proofs = [], certificate, now = NOW } = request;
  const verifyProof = jest.fn(() => request.verified ?? { use: USE });
  const { senderConstrained = confirmations !== undefined } = request;
  const result = checkSender({
    mode,
    credential: { accessToken: 'token', ...(scheme && { scheme }) },
    claims: claims({ senderConstrained, confirmations }),
    sender: { method: 'GET', urls: [], proofs, certificate },
    verifyProof,
    now,
  });
  return { result, verifyProof };
}
const denial = (reason: string, expected?: string, received?: string) => ({
  denied: {
    reason,
    ...(expected && { comparison: { expected, received, identifying: false } }),
  },
});
const NOTHING_TO_PROVE = { use: undefined };
const PROVEN = { use: USE };
const DPOP = { scheme: 'DPoP', proofs: ['proof'] } as const;
const CERTIFIED = { certificate: CLIENT_CERTIFICATE.pem };

describe('checkSender', () => {
  it.each<[string, readonly Confirmation[] | undefined, Request, object]>([
    ['without cnf', undefined, {}, NOTHING_TO_PROVE],
    ['without cnf, with a certificate', undefined, CERTIFIED, NOTHING_TO_PROVE],
    ['of a certificate', [CERTIFICATE], CERTIFIED, NOTHING_TO_PROVE],
    [
      'of a certificate, required',
      [CERTIFICATE],
      { ...CERTIFIED, mode: 'require' },
      NOTHING_TO_PROVE,
    ],
    ['of a key', [KEY], DPOP, PROVEN],
    ['of a key, required', [KEY], { ...DPOP, mode: 'require' }, PROVEN],
    ['of a key and a certificate', [KEY, CERTIFICATE], { ...DPOP, ...CERTIFIED }, PROVEN],
  ])('the sender of a token %s is accepted', (_, confirmations, request, expected) => {
    expect(check(confirmations, request).result).toEqual(expected);
  });

  it('the sender of a token that is not bound is denied where a binding is required', () => {
    expect(check(undefined, { mode: 'require' }).result).toEqual(
      denial('token_not_sender_constrained'),
    );
  });

  it.each<[string, readonly Confirmation[], string]>([
    ['without confirmations', [], '(empty)'],
    ['of an unknown method', [{ method: 'jwk', value: 'a' }], 'jwk'],
    ['of an unknown method too', [KEY, { method: 'kid', value: 'a' }], 'jkt kid'],
    ['without a value', [{ method: 'jkt', value: undefined }], 'jkt'],
  ])('the sender of a token with a cnf %s is denied', (_, confirmations, received) => {
    expect(check(confirmations, { ...DPOP, ...CERTIFIED }).result).toEqual(
      denial('token_sender_constrained', 'cnf with jkt or x5t#S256', received),
    );
  });

  it('the sender of a token that is bound without cnf is denied', () => {
    expect(check(undefined, { ...DPOP, senderConstrained: true }).result).toEqual(
      denial('token_sender_constrained', 'cnf with jkt or x5t#S256', '(empty)'),
    );
  });

  it.each<[string, readonly Confirmation[] | undefined, Request, string, string]>([
    ['a bound token as a bearer token', [KEY], { proofs: ['proof'] }, 'DPoP', 'Bearer'],
    ['a token without cnf by DPoP', undefined, DPOP, 'Bearer', 'DPoP'],
    ['a required binding by DPoP', undefined, { ...DPOP, mode: 'require' }, 'Bearer', 'DPoP'],
    [
      'a certificate-bound token by DPoP',
      [CERTIFICATE],
      { ...DPOP, ...CERTIFIED },
      'Bearer',
      'DPoP',
    ],
  ])('the sender of %s is denied', (_, confirmations, request, expected, received) => {
    expect(check(confirmations, request).result).toEqual(
      denial('credential_scheme_mismatch', expected, received),
    );
  });

  it.each<[string, readonly Confirmation[], Request, object]>([
    ['no certificate', [CERTIFICATE], {}, denial('client_certificate_missing')],
    [
      'an empty certificate',
      [CERTIFICATE],
      { certificate: '' },
      denial('client_certificate_missing'),
    ],
    [
      'text for a certificate',
      [CERTIFICATE],
      { certificate: 'PEM' },
      denial('client_certificate_invalid', 'a valid certificate', 'unparsable'),
    ],
    [
      'an expired certificate',
      [CERTIFICATE],
      { ...CERTIFIED, now: CLIENT_CERTIFICATE.validTo + 1 },
      denial('client_certificate_invalid', 'a valid certificate', 'expired'),
    ],
    [
      'another certificate',
      [ANOTHER_CERTIFICATE],
      CERTIFIED,
      denial('client_certificate_mismatch'),
    ],
    [
      'one of two certificates',
      [CERTIFICATE, ANOTHER_CERTIFICATE],
      CERTIFIED,
      denial('client_certificate_mismatch'),
    ],
    ['a proof only', [KEY, CERTIFICATE], DPOP, denial('client_certificate_missing')],
  ])('the sender with %s is denied', (_, confirmations, request, expected) => {
    const { result, verifyProof } = check(confirmations, request);

    expect(result).toEqual(expected);
    expect(verifyProof).not.toHaveBeenCalled();
  });

  it.each([
    [[], denial('dpop_proof_missing')],
    [['proof', 'proof'], denial('dpop_proof_invalid', 'one DPoP header', '2')],
  ])('the sender with the DPoP headers %j is denied without verification', (proofs, expected) => {
    const { result, verifyProof } = check([KEY], { scheme: 'DPoP', proofs });

    expect(result).toEqual(expected);
    expect(verifyProof).not.toHaveBeenCalled();
  });

  it('the sender with an invalid proof is denied with both sides of the check', () => {
    const comparison = { expected: 'htm GET', received: 'POST', identifying: false };
    const verified: VerifiedProof = { denied: 'dpop_proof_invalid', comparison };

    expect(check([KEY], { ...DPOP, verified }).result).toEqual({
      denied: { reason: 'dpop_proof_invalid', comparison },
    });
  });

  it('a proof is verified for the request, the access token and every key', () => {
    const { verifyProof } = check([KEY, { method: 'jkt', value: 'other' }, CERTIFICATE], {
      ...DPOP,
      ...CERTIFIED,
    });

    expect(verifyProof.mock.calls).toEqual([
      [
        'proof',
        {
          ...{ method: 'GET', urls: [], accessToken: 'token' },
          ...{ thumbprints: ['key', 'other'], now: NOW },
        },
      ],
    ]);
  });
});
