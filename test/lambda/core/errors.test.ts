import { Fault } from '../../../lambda/core/errors';

describe('Fault', () => {
  it('carries its code, its cause and a sentence of advice', () => {
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

  it('keeps its cause out of what is printed of it as JSON', () => {
    const cause = Object.assign(new Error('x'), { rawPacket: 'eyJ.eyJ.sig' });
    const fault = new Fault('introspection_unreachable', 'no answer', { cause });

    expect(JSON.stringify(fault)).not.toContain('eyJ');
  });

  it('never has the message that API Gateway takes for 401', () => {
    expect(new Fault('credentials_invalid', 'Unauthorized').message).not.toBe('Unauthorized');
  });
});
