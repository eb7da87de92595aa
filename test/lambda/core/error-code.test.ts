import { errorCode } from '../../../lambda/core/error-code';

test.each<[string, unknown, string]>([
  [
    'its code',
    Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED' }),
    'ECONNREFUSED',
  ],
  ['its message without a code', new Error('connect failed'), 'connect failed'],
  ['its message for an empty code', Object.assign(new Error('failed'), { code: '' }), 'failed'],
  ['its code with escapes', Object.assign(new Error('x'), { code: 'a\nb' }), 'a\\u000ab'],
  ['unknown for a thrown text', 'a text', 'unknown'],
  ['unknown for nothing', undefined, 'unknown'],
])('the code of an error is %s', (_, error, code) => {
  expect(errorCode(error)).toBe(code);
});
