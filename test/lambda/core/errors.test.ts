import { Fault, type FaultCode, invalidResponse } from '../../../lambda/core/errors';

/** A part of the advice for each fault. */
const ADVICE: Readonly<Record<FaultCode, string>> = {
  configuration_invalid: 'deploy again with a valid config',
  credentials_invalid: 'the members that introspection.clientAuthentication takes',
  credentials_unavailable: 'the function may call secretsmanager:GetSecretValue on it',
  event_invalid: 'Attach it to API Gateway as a REQUEST authorizer',
  introspection_rejected_client: 'this client may introspect',
  introspection_response_invalid: 'introspection.response in the config',
  introspection_timed_out: 'the network path to it',
  introspection_unavailable: 'its rate limits for our client',
  introspection_unreachable: 'its certificate is valid',
  phantom_token_too_large: 'have the authorization server issue smaller JWTs',
  replay_guard_unavailable: 'check the table, its throttling, and the permissions',
  route_not_configured: 'deploy again, with the route among those of the config',
  signature_keys_unavailable: 'Compare token.jwksUri with jwks_uri',
  signing_keys_invalid: '"Replace the signing keys" in docs/signing-keys.md',
  signing_keys_unavailable: 'secretsmanager:GetSecretValue, or kms:GetPublicKey',
  signing_failed: 'the function may call kms:Sign',
  token_cache_unavailable: 'invoke it again',
};

describe('Fault', () => {
  it.each(Object.entries(ADVICE))('the advice for %s names what to do: %s', (code, part) => {
    expect(new Fault(code as FaultCode, 'x').advice).toContain(part);
  });

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

  it('a fault carries the status of the response, if there was one', () => {
    expect(new Fault('introspection_unavailable', 'x', { status: 503 }).status).toBe(503);
    expect(new Fault('introspection_unavailable', 'x').status).toBeUndefined();
  });

  it('a fault has the name that Lambda logs, also as a class', () => {
    expect([Fault.name, new Fault('event_invalid', 'x').name]).toEqual(['Fault', 'Fault']);
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

describe('invalidResponse', () => {
  it('invalidResponse returns a fault with the detail, the status and the cause', () => {
    const cause = new Error('y');

    expect(invalidResponse('x', { status: 404, cause })).toMatchObject({
      code: 'introspection_response_invalid',
      message: 'introspection_response_invalid: x',
      status: 404,
      cause,
    });
  });
});
