import { Duration, Lazy } from 'aws-cdk-lib';
import { type AuthorizerFunctionProps, PropError } from '../../../lib';
import { validateProps } from '../../../lib/authorizer/validate-props';
import { loneAuthorizerFunction } from '../../support/authorizer-function';
import { thrownBy } from '../../support/faults';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMII…\n-----END CERTIFICATE-----';

function check(props: object): void {
  const least = { introspectionEndpoint: 'https://login.example.com/introspect' };
  validateProps({ ...least, ...props } as AuthorizerFunctionProps);
}
function faultOf(props: object): string {
  const error = thrownBy(() => check(props));
  expect(error).toBeInstanceOf(PropError);
  return (error as Error).message;
}

describe('what the authorizer function would refuse at its start', () => {
  it('fails synthesis, before anything is made', () => {
    expect(thrownBy(() => loneAuthorizerFunction({ issuer: '' }))).toEqual(
      new PropError('issuer must not be empty, but is ""'),
    );
  });

  describe.each(['introspectionEndpoint', 'jwksUri'])('as %s', (prop) => {
    it.each([
      'https://login.example.com',
      'https://login.example.com:8443/a/b',
      'http://127.0.0.1:8080/a',
      'http://localhost/a',
      'http://[::1]:1/a',
    ])('is not %s', (url) => {
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
    ])('is %s', (url, rule) => {
      const fault = faultOf({ [prop]: url });

      expect(fault.startsWith(`${prop} ${rule}`)).toBe(true);
      expect(fault.endsWith(`, but is ${JSON.stringify(String(url))}`)).toBe(true);
    });

    it('is a URL with credentials, which are not told', () => {
      expect(faultOf({ [prop]: 'https://a:b@login.example.com/a' })).toBe(
        `${prop} must not contain credentials, but is "https://…@login.example.com/a"`,
      );
    });
  });

  it('is no introspection endpoint at all', () => {
    expect(faultOf({ introspectionEndpoint: undefined })).toMatch(
      /^introspectionEndpoint must be an https: URL/,
    );
  });

  it.each(['audience', 'tokenTypes'])('is an empty list or string as %s', (prop) => {
    for (const value of [[], [''], ['a', ''], 'a', [7]]) {
      expect(faultOf({ [prop]: value })).toBe(
        `${prop} must be a list of one or more strings that are not empty, but is ${JSON.stringify(value)}`,
      );
    }
    expect(() => check({ [prop]: ['a', 'b'] })).not.toThrow();
  });

  it('is anything but one media type to ask for', () => {
    for (const value of ['application/jwt, application/json', 'jwt', '']) {
      expect(faultOf({ introspectionAccept: value })).toBe(
        `introspectionAccept must be one media type, such as application/jwt, but is ${JSON.stringify(value)}`,
      );
    }
    expect(() =>
      check({ introspectionAccept: 'application/token-introspection+jwt' }),
    ).not.toThrow();
  });

  it.each(['token', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type', ''])(
    'is a parameter named "%s", whose value is not told',
    (name) => {
      expect(faultOf({ introspectionParameters: { a: 'b', [name]: 's3cret' } })).toBe(
        'introspectionParameters must be strings by names other than those that the authorizer sets ' +
          `itself, but is "${name}"`,
      );
    },
  );

  it('is a parameter that is no string, but no other string', () => {
    expect(faultOf({ introspectionParameters: { a: 1 } })).toMatch(/ but is "a"$/);
    expect(() => check({ introspectionParameters: { token_type_hint: '' } })).not.toThrow();
  });

  it('is a file name or nothing in place of certificates', () => {
    for (const caBundle of ['ca.pem', '']) {
      expect(faultOf({ caBundle })).toBe(
        `caBundle must hold PEM certificates, but is ${JSON.stringify(caBundle)}`,
      );
    }
    expect(() => check({ caBundle: CERTIFICATE })).not.toThrow();
  });

  it.each([
    ['introspectionTimeout', 'more than 0 to 8 s', [1, 8000], [0, 8001]],
    ['notBeforeTolerance', '0 to 600 s', [0, 600_000], [600_001]],
    ['cacheMaxTtl', '0 to 86400 s', [0, 86_400_000], [86_400_001]],
    ['cacheInactiveTtl', '0 to 3600 s', [0, 3_600_000], [3_600_001]],
    ['cacheTimeout', '5 to 1000 ms', [5, 1000], [0, 4, 5.5, 1001]],
  ] as const)('is a %s that is not %s', (prop, bounds, good, bad) => {
    for (const millis of good) {
      expect(() => check({ [prop]: Duration.millis(millis) })).not.toThrow();
    }
    for (const millis of bad) {
      const shown = bounds.endsWith(' ms') ? `${millis} ms` : `${millis / 1000} s`;

      expect(faultOf({ [prop]: Duration.millis(millis) })).toBe(
        `${prop} must be ${bounds}, but is "${shown}"`,
      );
    }
  });

  it('is nothing that is known at the deployment only', () => {
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
});
