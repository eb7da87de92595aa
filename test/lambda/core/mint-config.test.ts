import { RESERVED_CLAIMS, UNMINTABLE_MEMBERS } from '../../../lambda/contract';
import { mintConfig } from '../../../lambda/core/mint-config';

const RULES = {
  response: 'json',
  issuer: 'https://api.example.com',
  audience: ['orders'],
  lifetimeSeconds: 420,
};
const SECRET = { SIGNING_KEYS_SECRET_ARN: 'arn:secret' };
const read = (changes: object = {}, environment: Record<string, string> = SECRET) =>
  mintConfig(JSON.stringify({ ...RULES, ...changes }), environment);

describe('mintConfig', () => {
  it.each(['json', 'signed'])('mintConfig reads %s as the form of the response', (response) => {
    expect(read({ response })).toHaveProperty('response', response);
  });

  it('mintConfig reads the rules, and the key in a secret or in KMS', () => {
    const rules = { ...RULES, subject: undefined, claims: {} };

    expect(read()).toEqual({ ...rules, key: { secretArn: 'arn:secret' } });
    expect(
      read({ subject: 'username', claims: { t: 'ext.t' } }, { SIGNING_KMS_KEY_ARN: 'arn:kms' }),
    ).toEqual({
      ...rules,
      subject: 'username',
      claims: { t: 'ext.t' },
      key: { kmsKeyArn: 'arn:kms' },
    });
  });

  it.each<[string, object]>([
    ['an unknown form of response', { response: 'jwt' }],
    ['no issuer', { issuer: undefined }],
    ['an issuer that is not an https URL', { issuer: 'http://api.example.com' }],
    ['a list of issuers', { issuer: ['https://api.example.com'] }],
    ['no audience', { audience: [] }],
    ['an audience that is not a list', { audience: 'orders' }],
    ['no lifetime', { lifetimeSeconds: 0 }],
    ['a fraction as lifetime', { lifetimeSeconds: 1.5 }],
    ['a subject that is not a path', { subject: 1 }],
    ['a claim that is not copied from a path', { claims: { tenant: 1 } }],
    ['a claim without a name', { claims: { '': 'ext' } }],
    ...RESERVED_CLAIMS.map((name): [string, object] => [
      `the reserved claim ${name}`,
      { claims: { [name]: 'ext.x' } },
    ]),
    ...UNMINTABLE_MEMBERS.flatMap((name): [string, object][] => [
      [`the member ${name}`, { claims: { own: name } }],
      [`a member of ${name}`, { claims: { own: `${name}.x` } }],
    ]),
  ])('mintConfig returns undefined for %s', (_, changes) => {
    expect(read(changes)).toBeUndefined();
  });

  it('mintConfig returns undefined without a key, with two, and for text that is not JSON', () => {
    expect(read({}, {})).toBeUndefined();
    expect(read({}, { ...SECRET, SIGNING_KMS_KEY_ARN: 'arn:kms' })).toBeUndefined();
    expect(mintConfig('{', SECRET)).toBeUndefined();
  });
});
