import { Fault } from '../../../lambda/core/errors';

describe('Fault', () => {
  it('a fault carries its code, its cause and a sentence of advice', () => {
    const cause = new Error('ECONNREFUSED');
    const fault = new Fault('introspection_unreachable', 'no answer', { cause });

    expect(fault).toBeInstanceOf(Error);
    expect(fault).toMatchObject({
      code: 'introspection_unreachable',
      message: 'introspection_unreachable: no answer',
      advice: expect.stringMatching(/^Check .*\.$/),
      cause,
    });
  });

  it('a fault carries advice for its cause in place of that for its code', () => {
    const fault = new Fault('introspection_unreachable', 'x', { advice: 'Set the CA.' });

    expect(fault.advice).toBe('Set the CA.');
  });

  it.each([
    'credentials_invalid',
    'credentials_unavailable',
    'introspection_rejected_client',
  ] as const)(
    'the advice for %s names the output of the secret, and no environment variable',
    (code) => {
      const { advice } = new Fault(code, 'x');

      expect(advice).toContain('the output CredentialsSecretArn');
      expect(advice).not.toMatch(/[A-Z]+_[A-Z_]+/);
    },
  );

  it('a fault keeps its cause out of its JSON', () => {
    const cause = Object.assign(new Error('x'), { rawPacket: 'eyJ.eyJ.sig' });
    const fault = new Fault('introspection_unreachable', 'no answer', { cause });

    expect(JSON.stringify(fault)).not.toContain('eyJ');
  });

  it('a fault never has the message that API Gateway treats as 401', () => {
    expect(new Fault('credentials_invalid', 'Unauthorized').message).not.toBe('Unauthorized');
  });
});
