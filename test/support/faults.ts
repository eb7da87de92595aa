import type { FaultCode } from '../../lambda/core/errors';

/** Returns a matcher of faults by code, also of other module instances. */
export function faultWith(code: FaultCode, detail = ''): unknown {
  return expect.objectContaining({
    name: 'Fault',
    code,
    message: expect.stringContaining(`${code}: ${detail}`),
    advice: expect.stringMatching(/\.$/),
  });
}

/** Returns the error that a function throws. Throws if the function does not. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('expected a throw');
}
