import fc from 'fast-check';
import {
  MAX_ACCESS_TOKEN_LENGTH,
  readBearerCredential,
} from '../../../lambda/core/bearer-credential';
import { codePoint } from '../../support/code-points';

const read = (value: string) => readBearerCredential({ headers: { Authorization: value } });
const MALFORMED = { denied: 'credential_malformed' };
const MISSING = { denied: 'access_token_missing' };

describe('readBearerCredential', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER abc', 'abc'],
    ['Bearer    abc', 'abc'],
    ['Bearer aZ09-._~+/', 'aZ09-._~+/'],
    ['Bearer abc==', 'abc=='],
    ['Bearer eyJ.eyJ.sig', 'eyJ.eyJ.sig'],
  ])('reads the bearer token of %j', (value, accessToken) => {
    expect(read(value)).toEqual({ accessToken });
  });

  it.each([
    ['another scheme', 'Basic abc'],
    ['the scheme elsewhere', 'Basic Bearer abc'],
    ['a longer scheme', 'xBearer abc'],
    ['no scheme', 'abc'],
    ['no token', 'Bearer'],
    ['an empty token', 'Bearer '],
    ['no space', 'Bearerabc'],
    ['a tab for a space', 'Bearer\tabc'],
    ['leading white space', ' Bearer abc'],
    ['trailing white space', 'Bearer abc '],
    ['a trailing line break', 'Bearer abc\n'],
    ['a second token', 'Bearer abc def'],
    ['joined credentials', 'Bearer abc, Bearer def'],
    ['a form parameter', 'Bearer abc&token_type_hint=x'],
    ['percent encoding', 'Bearer a%62c'],
    ['padding within', 'Bearer a=c'],
    ['padding alone', 'Bearer =='],
    ['a letter beyond ASCII', 'Bearer abcé'],
    ['a control character', 'Bearer a\0c'],
    ['nothing at all', ''],
  ])('refuses a bearer credential with %s', (_, value) => {
    expect(read(value)).toEqual(MALFORMED);
  });

  it('accepts a bearer token of exactly the maximum length and no longer one', () => {
    const longest = 'a'.repeat(MAX_ACCESS_TOKEN_LENGTH);

    expect(read(`Bearer ${longest}`)).toEqual({ accessToken: longest });
    expect(read(`Bearer ${longest}a`)).toEqual(MALFORMED);
  });

  it('accepts up to 64 more characters for scheme and spaces of a bearer credential', () => {
    const longest = 'a'.repeat(MAX_ACCESS_TOKEN_LENGTH);

    expect(read(`Bearer${' '.repeat(58)}${longest}`)).toEqual({ accessToken: longest });
    expect(read(`Bearer${' '.repeat(59)}${longest}`)).toEqual(MALFORMED);
  });

  it('refuses a bearer credential with endless spaces without reading on', () => {
    expect(read(`Bearer ${' '.repeat(1_000_000)}a`)).toEqual(MALFORMED);
  });

  it.each(['authorization', 'AUTHORIZATION', 'aUTHORIZATION'])(
    'finds the Authorization header under the name %s',
    (name) => {
      expect(readBearerCredential({ headers: { [name]: 'Bearer abc' } })).toEqual({
        accessToken: 'abc',
      });
      expect(readBearerCredential({ multiValueHeaders: { [name]: ['Bearer abc'] } })).toEqual({
        accessToken: 'abc',
      });
    },
  );

  it.each([
    ['no headers', {}],
    ['null headers', { headers: null, multiValueHeaders: null }],
    ['other headers', { headers: { 'x-authorization': 'Bearer abc' } }],
    ['an undefined value', { headers: { authorization: undefined } }],
    ['an empty list', { multiValueHeaders: { authorization: [] } }],
  ])('reports a missing bearer token for %s', (_, request) => {
    expect(readBearerCredential(request)).toEqual(MISSING);
  });

  it.each([
    ['a repeated header', { multiValueHeaders: { authorization: ['Bearer abc', 'Bearer abc'] } }],
    [
      'a header in two casings',
      { multiValueHeaders: { authorization: ['Bearer abc'], Authorization: ['Bearer def'] } },
    ],
    [
      'a header in two casings without the repeated ones',
      { headers: { authorization: 'Bearer abc', Authorization: 'Bearer def' } },
    ],
    [
      'a repeated header of which the first or last is shown',
      {
        headers: { authorization: 'Bearer def' },
        multiValueHeaders: { authorization: ['Bearer abc', 'Bearer def'] },
      },
    ],
  ])('never chooses between several credentials: %s', (_, request) => {
    expect(readBearerCredential(request)).toEqual(MALFORMED);
  });

  it('reads no bearer token from query, cookies or other places', () => {
    const request = {
      headers: { cookie: 'access_token=abc' },
      queryStringParameters: { access_token: 'abc' },
    };

    expect(readBearerCredential(request)).toEqual(MISSING);
  });

  it('returns a bounded b64token that is in the header, or none, for any event', () => {
    const scheme = fc.constantFrom('Bearer', 'bearer', 'Basic', '', 'BEARER ');
    const credential = fc.oneof(
      fc.string({ unit: codePoint }),
      fc.string({ unit: 'grapheme' }),
      fc.stringMatching(/^[A-Za-z0-9\-._~+/]{1,80}={0,3}$/),
      fc.nat(5000).map((length) => 'x'.repeat(length)),
    );
    const header = fc.tuple(scheme, credential).map(([before, after]) => `${before} ${after}`);

    fc.assert(
      fc.property(header, (value) => {
        const result = read(value);
        if ('denied' in result) return;
        expect(result.accessToken).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/);
        expect(result.accessToken.length).toBeLessThanOrEqual(MAX_ACCESS_TOKEN_LENGTH);
        expect(value.toLowerCase().startsWith('bearer ')).toBe(true);
        expect(value.endsWith(` ${result.accessToken}`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads every b64token unchanged', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9\-._~+/]{1,100}={0,3}$/), (accessToken) => {
        expect(read(`Bearer ${accessToken}`)).toEqual({ accessToken });
      }),
    );
  });
});

describe('readBearerCredential of an event that is malformed', () => {
  const read = (headers: unknown, multiValueHeaders: unknown) =>
    readBearerCredential({ headers, multiValueHeaders } as Parameters<
      typeof readBearerCredential
    >[0]);

  it.each<[string, unknown, unknown]>([
    ['[null]', {}, { Authorization: [null] }],
    ['[null] and a credential', { Authorization: 'Bearer abc' }, { Authorization: [null] }],
    ['null and a credential', {}, { Authorization: [null, 'Bearer abc'] }],
    ['a number', { Authorization: 7 }, null],
    ['an object', { Authorization: {} }, null],
    ['a list in a list', {}, { Authorization: [['Bearer abc']] }],
  ])(
    'denies an Authorization header of %s as credential_malformed',
    (_, headers, multiValueHeaders) => {
      expect(read(headers, multiValueHeaders)).toEqual({ denied: 'credential_malformed' });
    },
  );

  it.each<[string, unknown, unknown]>([
    ['null', { Authorization: null }, null],
    ['null in both', { Authorization: null }, { Authorization: null }],
    ['an empty list', {}, { Authorization: [] }],
  ])('treats an Authorization header of %s as missing', (_, headers, multiValueHeaders) => {
    expect(read(headers, multiValueHeaders)).toEqual({ denied: 'access_token_missing' });
  });
});

describe('readBearerCredential with the scheme DPoP', () => {
  const read = (value: string, acceptsDpop?: boolean) =>
    readBearerCredential({ headers: { Authorization: value } }, acceptsDpop);

  it.each(['DPoP abc==', 'dpop abc==', 'DPOP  abc=='])(
    'reads the access token and the scheme of %j where the scheme is known',
    (value) => {
      expect(read(value, true)).toEqual({ accessToken: 'abc==', scheme: 'DPoP' });
    },
  );

  it('reads no scheme of a bearer token where the scheme DPoP is known', () => {
    expect(read('Bearer abc', true)).toEqual({ accessToken: 'abc' });
  });

  it.each([undefined, false])('refuses the scheme DPoP where it is not known: %j', (accepts) => {
    expect(read('DPoP abc', accepts)).toEqual(MALFORMED);
  });

  it.each(['xDPoP abc', 'DPoPabc', 'DPoP', 'DPoP a=c', 'DPoP abc, DPoP def'])(
    'refuses the DPoP credential %j where the scheme is known',
    (value) => {
      expect(read(value, true)).toEqual(MALFORMED);
    },
  );

  it('accepts a DPoP access token of exactly the maximum length and no longer one', () => {
    const longest = 'a'.repeat(MAX_ACCESS_TOKEN_LENGTH);

    expect(read(`DPoP ${longest}`, true)).toEqual({ accessToken: longest, scheme: 'DPoP' });
    expect(read(`DPoP ${longest}a`, true)).toEqual(MALFORMED);
  });
});
