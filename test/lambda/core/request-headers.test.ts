import { headerValues, type RequestHeaders } from '../../../lambda/core/request-headers';

describe('headerValues', () => {
  it.each<[string, RequestHeaders, readonly string[]]>([
    ['the one value of a header', { headers: { dpop: 'one' } }, ['one']],
    ['an empty value', { headers: { dpop: '' } }, ['']],
    ['the values of names in any case', { headers: { DPoP: 'one', dpop: 'two' } }, ['one', 'two']],
    ['repeated values', { multiValueHeaders: { DPoP: ['one', 'two'] } }, ['one', 'two']],
    [
      'repeated values rather than the last one of them',
      { headers: { dpop: 'two' }, multiValueHeaders: { dpop: ['one', 'two'] } },
      ['one', 'two'],
    ],
    [
      'the one value of a header that is not among the repeated ones',
      { headers: { dpop: 'one' }, multiValueHeaders: { host: ['a'], dpop: [] } },
      ['one'],
    ],
    [
      'an empty value in place of one that is not text',
      { multiValueHeaders: JSON.parse('{"dpop":[null,1]}') },
      ['', ''],
    ],
    ['nothing for other names of the same length', { headers: { host: 'a' } }, []],
    ['nothing for a header without a value', { headers: { dpop: undefined } }, []],
    ['nothing for a request without headers', {}, []],
    ['nothing for headers that are null', { headers: null, multiValueHeaders: null }, []],
  ])('headerValues returns %s', (_, request, expected) => {
    expect(headerValues(request, 'dpop')).toEqual(expected);
  });
});
