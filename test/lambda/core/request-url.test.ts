import fc from 'fast-check';
import {
  isUrlOf,
  type RequestPath,
  type RequestUrl,
  requestUrls,
} from '../../../lambda/core/request-url';
import { arbitraryText } from '../../support/arbitrary-text';

const ORIGIN = 'https://api.example.com';
const url = (path: string, encoding: RequestUrl['encoding'] = 'kept') => ({
  base: ORIGIN,
  origin: ORIGIN,
  path,
  encoding,
});

describe('isUrlOf', () => {
  it.each([
    ['the same URL', `${ORIGIN}/a/b`, '/a/b'],
    ['a query and a fragment', `${ORIGIN}/a/b?c=d#e`, '/a/b'],
    ['the host in upper case', 'HTTPS://API.Example.COM/a/b', '/a/b'],
    ['the default port', 'https://api.example.com:443/a/b', '/a/b'],
    ['dot segments', `${ORIGIN}/x/../a/./b`, '/a/b'],
    ['encoded unreserved characters', `${ORIGIN}/%61/%7Eb`, '/a/~b'],
    ['hexadecimal digits of another case', `${ORIGIN}/a%2fb`, '/a%2Fb'],
    ['an empty path', ORIGIN, '/'],
    ['characters that a parser escapes', `${ORIGIN}/a%7Cb`, '/a%7Cb'],
  ])('accepts as the URL of a request: %s', (_, text, path) => {
    expect(isUrlOf(text, url(path))).toBe(true);
  });

  it.each([
    ['another path', `${ORIGIN}/a/c`],
    ['a longer path', `${ORIGIN}/a/b/c`],
    ['a slash at the end', `${ORIGIN}/a/b/`],
    ['two slashes', `${ORIGIN}//a/b`],
    ['another case of the path', `${ORIGIN}/A/b`],
    ['an encoded slash', `${ORIGIN}/a%2Fb`],
    ['another scheme', 'http://api.example.com/a/b'],
    ['another port', 'https://api.example.com:8443/a/b'],
    ['another host', 'https://api.example.com.evil.example/a/b'],
    ['a host before another one', 'https://api.example.com@evil.example/a/b'],
    ['a user before the host', 'https://user@api.example.com/a/b'],
    ['a user and a password before the host', 'https://user:pass@api.example.com/a/b'],
    ['empty user information', 'https://@api.example.com/a/b'],
    ['backslashes', 'https:\\\\api.example.com\\a\\b'],
    ['three slashes', 'https:///api.example.com/a/b'],
    ['a line break', `${ORIGIN}/a/b\n`],
    ['white space around it', ` ${ORIGIN}/a/b`],
    ['a path alone', '/a/b'],
    ['nothing', ''],
  ])('rejects as the URL of a request: %s', (_, text) => {
    expect(isUrlOf(text, url('/a/b'))).toBe(false);
  });

  it.each([
    ['decoded once', '/a%20b/c', '/a b/c'],
    ['decoded twice', '/a%2520b/c', '/a b/c'],
    ['not decoded', '/a%20b/c', '/a%20b/c'],
    ['with a percent sign', '/100%25', '/100%'],
  ])('accepts the URL of an HTTP API whose path is %s in the event', (_, sent, path) => {
    expect(isUrlOf(`${ORIGIN}${sent}`, url(path, 'decoded'))).toBe(true);
    expect(isUrlOf(`${ORIGIN}${sent}/x`, url(path, 'decoded'))).toBe(false);
  });

  it('accepts the URL of an HTTP API whose path is empty in the event', () => {
    for (const text of [ORIGIN, `${ORIGIN}/`]) {
      expect(isUrlOf(text, url('', 'decoded'))).toBe(true);
      expect(isUrlOf(text, url(''))).toBe(true);
    }
  });

  it('accepts a URL with http, and no other, where that is the scheme of the base URL', () => {
    const local = { ...url('/a'), origin: 'http://localhost:3000' };

    expect(isUrlOf('http://localhost:3000/a', local)).toBe(true);
    expect(isUrlOf('https://localhost:3000/a', local)).toBe(false);
  });

  it('accepts what URL parsers write of any path, and no other path', () => {
    const character = fc.constantFrom(..."aZ09-._~!$&'()*+,;=:@");
    const encoded = arbitraryText({ minLength: 1, maxLength: 1 }).map(encodeURIComponent);
    const segment = fc.string({
      unit: fc.oneof({ weight: 9, arbitrary: character }, { weight: 1, arbitrary: encoded }),
    });
    const path = fc.array(segment).map((segments) => `/${segments.join('/')}`);

    fc.assert(
      fc.property(path, path, (one, other) => {
        const [sent, elsewhere] = [new URL(`${ORIGIN}${one}`), new URL(`${ORIGIN}${other}`)];
        expect(isUrlOf(sent.href, url(sent.pathname))).toBe(true);
        fc.pre(decodeURIComponent(sent.pathname) !== decodeURIComponent(elsewhere.pathname));
        expect(isUrlOf(elsewhere.href, url(sent.pathname))).toBe(false);
      }),
    );
  });
});

describe('requestUrls', () => {
  const bases = ['https://api.example.com', 'https://api.example.com/v1', 'http://127.0.0.1:3000'];
  const urls = (path: string, basePath: RequestPath['basePath']) =>
    requestUrls(
      bases.map((it) => new URL(it)),
      { path, basePath, encoding: 'kept' },
    ).map(({ origin, path }) => `${origin}${path}`);

  it('requestUrls puts a path without the base path below every base URL', () => {
    expect(urls('/orders', 'absent')).toEqual([
      'https://api.example.com/orders',
      'https://api.example.com/v1/orders',
      'http://127.0.0.1:3000/orders',
    ]);
    expect(urls('/v1/orders', 'absent')).toContain('https://api.example.com/v1/v1/orders');
  });

  it('requestUrls adds nothing to a base URL whose path is the whole path of the request', () => {
    for (const basePath of ['included', 'unknown'] as const) {
      expect(urls('/v1', basePath).slice(0, 2)).toEqual([
        'https://api.example.com/v1',
        'https://api.example.com/v1',
      ]);
    }
  });

  it('requestUrls takes a path with the base path for each base URL that it is below', () => {
    expect(urls('/v1/orders', 'included')).toEqual([
      'https://api.example.com/v1/orders',
      'https://api.example.com/v1/orders',
      'http://127.0.0.1:3000/v1/orders',
    ]);
    expect(urls('/v10/orders', 'included')).toEqual([
      'https://api.example.com/v10/orders',
      'http://127.0.0.1:3000/v10/orders',
    ]);
  });

  it('requestUrls puts a path below the base path if it is unknown and does not begin with it', () => {
    expect(urls('/v1/orders', 'unknown')).toEqual(urls('/v1/orders', 'included'));
    expect(urls('/orders', 'unknown')).toEqual(urls('/orders', 'absent'));
  });

  it('requestUrls names the base URL that each one is below', () => {
    const request = { path: '/orders', basePath: 'absent', encoding: 'kept' } as const;

    expect(requestUrls([new URL('https://api.example.com/v1/')], request)).toMatchObject([
      { base: 'https://api.example.com/v1', path: '/v1/orders' },
    ]);
  });

  it('requestUrls returns no URL without base URLs', () => {
    expect(requestUrls([], { path: '/a', basePath: 'absent', encoding: 'kept' })).toEqual([]);
  });
});
