import type { FaultCode } from '../../lambda/core/errors';

/** Matches a Fault by its code, also one of another module instance. */
export function faultWith(code: FaultCode, detail = ''): unknown {
  return expect.objectContaining({
    name: 'Fault',
    code,
    message: expect.stringContaining(`${code}: ${detail}`),
    advice: expect.stringMatching(/\.$/),
  });
}

/** What a function throws; fails if it throws nothing. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('expected a throw');
}
