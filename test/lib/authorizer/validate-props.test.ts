import { Duration, Lazy } from 'aws-cdk-lib';
import { type AuthorizerFunctionProps, PropError } from '../../../lib';
import { validateProps } from '../../../lib/authorizer/validate-props';
import { loneAuthorizerFunction } from '../../support/authorizer-function';
import { thrownBy } from '../../support/faults';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMII…\n-----END CERTIFICATE-----';

function check(props: object): void {
  const required = { introspectionEndpoint: 'https://login.example.com/introspect' };
  validateProps({ ...required, ...props } as AuthorizerFunctionProps);
}
function faultOf(props: object): string {
  const error = thrownBy(() => check(props));
  expect(error).toBeInstanceOf(PropError);
  return (error as Error).message;
}

describe('validateProps', () => {
  it('rejects an empty issuer before the construct creates resources', () => {
    expect(thrownBy(() => loneAuthorizerFunction({ issuer: '' }))).toEqual(
      new PropError('issuer must not be empty, got: ""'),
    );
  });

  describe.each(['introspectionEndpoint', 'jwksUri'])('%s', (prop) => {
    it.each([
      'https://login.example.com',
      'https://login.example.com:8443/a/b',
      'http://127.0.0.1:8080/a',
      'http://localhost/a',
      'http://[::1]:1/a',
    ])(`accepts %s as ${prop}`, (url) => {
      expect(() => check({ [prop]: url })).not.toThrow();
    });

    it.each([
      ['http://login.example.com', 'must be an https: URL'],
      ['http://127.0.0.1.example.com', 'must be an https: URL'],
      ['http://192.168.0.1/a', 'must be an https: URL'],
      ['login.example.com/a', 'must be an https: URL'],
      ['ftp://login.example.com', 'must be an https: URL'],
      ['', 'must be an https: URL'],
      [7, 'must be an https: URL'],
      ['https://login.example.com/?a=b', 'must not have a query or fragment'],
      ['https://login.example.com/#a', 'must not have a query or fragment'],
    ])(`rejects %s as ${prop}`, (url, rule) => {
      const fault = faultOf({ [prop]: url });

      expect(fault.startsWith(`${prop} ${rule}`)).toBe(true);
      expect(fault.endsWith(`, got: ${JSON.stringify(String(url))}`)).toBe(true);
    });

    it(`rejects credentials in ${prop} without revealing them`, () => {
      expect(faultOf({ [prop]: 'https://a:b@login.example.com/a' })).toBe(
        `${prop} must not contain credentials, got: "https://…@login.example.com/a"`,
      );
    });
  });

  it('rejects a missing introspectionEndpoint', () => {
    expect(faultOf({ introspectionEndpoint: undefined })).toMatch(
      /^introspectionEndpoint must be an https: URL/,
    );
  });

  it.each(['audience', 'tokenTypes'])(
    'rejects an empty list, an empty string and a plain string as %s',
    (prop) => {
      for (const value of [[], [''], ['a', ''], 'a', [7]]) {
        expect(faultOf({ [prop]: value })).toBe(
          `${prop} must be a list of one or more non-empty strings, got: ${JSON.stringify(value)}`,
        );
      }
      expect(() => check({ [prop]: ['a', 'b'] })).not.toThrow();
    },
  );

  it('rejects an introspectionAccept that is not a single media type', () => {
    for (const value of ['application/jwt, application/json', 'jwt', '']) {
      expect(faultOf({ introspectionAccept: value })).toBe(
        `introspectionAccept must be one media type, such as application/jwt, got: ${JSON.stringify(value)}`,
      );
    }
    expect(() =>
      check({ introspectionAccept: 'application/token-introspection+jwt' }),
    ).not.toThrow();
  });

  it.each(['token', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type', ''])(
    'rejects the introspection parameter "%s" without revealing its value',
    (name) => {
      expect(faultOf({ introspectionParameters: { a: 'b', [name]: 's3cret' } })).toBe(
        'introspectionParameters must be strings, and must not contain parameters that the authorizer ' +
          `sets itself, got: "${name}"`,
      );
    },
  );

  it('rejects an introspection parameter that is not a string', () => {
    expect(faultOf({ introspectionParameters: { a: 1 } })).toMatch(/, got: "a"$/);
    expect(() => check({ introspectionParameters: { token_type_hint: '' } })).not.toThrow();
  });

  it('rejects a caBundle without PEM certificates', () => {
    for (const caBundle of ['ca.pem', '']) {
      expect(faultOf({ caBundle })).toBe(
        `caBundle must contain PEM certificates, got: ${JSON.stringify(caBundle)}`,
      );
    }
    expect(() => check({ caBundle: CERTIFICATE })).not.toThrow();
  });

  it.each([
    ['introspectionTimeout', 'more than 0 and at most 8 seconds', [1, 8000], [0, 8001]],
    ['notBeforeTolerance', 'between 0 and 600 seconds', [0, 600_000], [600_001]],
    ['cacheMaxTtl', 'between 0 and 86400 seconds', [0, 86_400_000], [86_400_001]],
    ['cacheInactiveTtl', 'between 0 and 3600 seconds', [0, 3_600_000], [3_600_001]],
    ['cacheTimeout', 'between 5 and 1000 milliseconds', [5, 1000], [0, 4, 5.5, 1001]],
  ] as const)('rejects a %s that is not %s', (prop, bounds, good, bad) => {
    for (const millis of good) {
      expect(() => check({ [prop]: Duration.millis(millis) })).not.toThrow();
    }
    for (const millis of bad) {
      const value = bounds.endsWith(' milliseconds') ? millis : millis / 1000;

      expect(faultOf({ [prop]: Duration.millis(millis) })).toBe(
        `${prop} must be ${bounds}, got: ${value}`,
      );
    }
  });

  it('accepts values that are known only at deployment', () => {
    const later = Lazy.string({ produce: () => '' });
    const list = Lazy.list({ produce: () => [] });

    expect(() =>
      check({
        introspectionEndpoint: later,
        jwksUri: later,
        issuer: later,
        audience: list,
        tokenTypes: list,
        introspectionAccept: later,
        introspectionParameters: { a: later },
        caBundle: later,
        cacheTimeout: Duration.millis(Lazy.number({ produce: () => 1 })),
      }),
    ).not.toThrow();
  });

  it('rejects a warm throughput for a table that is passed in', () => {
    expect(
      faultOf({ tokenCache: {}, tokenCacheWarmThroughput: { readUnitsPerSecond: 20_000 } }),
    ).toBe(
      'tokenCacheWarmThroughput must not be combined with tokenCache, which has its own, got: {"readUnitsPerSecond":20000}',
    );
  });
});
