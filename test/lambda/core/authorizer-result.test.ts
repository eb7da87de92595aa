import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import fc from 'fast-check';
import {
  MAX_RESULT_BYTES,
  toAuthorizerError,
  toAuthorizerResult,
  UNAUTHORIZED,
} from '../../../lambda/core/authorizer-result';
import { Fault } from '../../../lambda/core/errors';
import type { ResultFormat } from '../../../lambda/core/gateway-request';
import type { TokenInfo } from '../../../lambda/core/phantom-token';
import { codePoint } from '../../support/code-points';
import { faultWith, thrownBy } from '../../support/faults';
import { facts, jws, NOW } from '../../support/tokens';

const STAGE = 'arn:aws:execute-api:eu-central-1:123456789012:api/prod';
const REST = { api: 'REST', format: 'policy', stageArn: `${STAGE}/*` } as const;
const allow = (some: TokenInfo, answer: ResultFormat = REST) =>
  toAuthorizerResult({ outcome: 'allow', facts: some }, answer);
const sizeOf = (result: unknown) => Buffer.byteLength(JSON.stringify(result));

describe('toAuthorizerResult', () => {
  it('returns a policy and the context for an allowed request', () => {
    const jwt = jws({ sub: 'alice' });

    expect(allow(facts({}, jwt))).toEqual({
      principalId: 'alice',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${STAGE}/*` }],
      },
      context: {
        authorization: `Bearer ${jwt}`,
        sub: 'alice',
        client_id: 'shop',
        scope: 'read write',
        exp: NOW + 600,
      },
    });
  });

  it('the authorizer result holds the JWT once', () => {
    const jwt = jws({ sub: 'alice' });

    expect(JSON.stringify(allow(facts({}, jwt))).split(jwt)).toHaveLength(2);
  });

  it('the authorizer context has no absent claims', () => {
    const some = facts({
      sub: undefined,
      clientId: undefined,
      scopes: undefined,
      exp: undefined,
    });

    expect(allow(some)).toMatchObject({ principalId: 'unknown' });
    expect(allow(some)).toHaveProperty('context', { authorization: `Bearer ${some.jwt}` });
    expect(allow(facts({ scopes: [] }))).not.toHaveProperty('context.scope');
  });

  it('the principal of an authorizer result is the client if there is no subject', () => {
    expect(allow(facts({ sub: undefined }))).toMatchObject({ principalId: 'shop' });
  });

  it('returns an explicit Deny for a forbidden request, with the required scopes and nothing of the token', () => {
    const decision = {
      outcome: 'forbidden',
      reason: 'insufficient_scope',
      facts: facts(),
      requiredScopes: ['orders:write', 'a'],
    } as const;
    const context = { required_scope: 'orders:write a' };

    expect(toAuthorizerResult(decision, { api: 'HTTP', format: 'simple' })).toEqual({
      isAuthorized: false,
      context,
    });
    expect(toAuthorizerResult(decision, REST)).toEqual({
      context,
      principalId: 'alice',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 'execute-api:Invoke', Resource: `${STAGE}/*` }],
      },
    });
  });

  it('returns the bare JWT for an HTTP API, in a policy or a simple response', () => {
    const some = facts();
    const context = { jwt: some.jwt, sub: 'alice', client_id: 'shop', scope: 'read write' };

    expect(allow(some, { ...REST, api: 'HTTP' })).toMatchObject({ principalId: 'alice', context });
    expect(allow(some, { api: 'HTTP', format: 'simple' })).toEqual({
      isAuthorized: true,
      context: { ...context, exp: NOW + 600 },
    });
  });

  it('returns Unauthorized, the word that API Gateway knows, for an unauthorized request', () => {
    const decision = { outcome: 'unauthorized', reason: 'token_inactive' } as const;

    expect(toAuthorizerResult(decision, REST)).toBe('Unauthorized');
    expect(UNAUTHORIZED).toBe('Unauthorized');
  });

  it('accepts an authorizer result of exactly the size that API Gateway accepts and not a byte more', () => {
    const room = MAX_RESULT_BYTES - sizeOf(allow(facts({}, '')));

    expect(sizeOf(allow(facts({}, 'x'.repeat(room))))).toBe(8192);
    expect(thrownBy(() => allow(facts({}, 'x'.repeat(room + 1))))).toEqual(
      faultWith('phantom_token_too_large', 'the authorizer result is 8193 bytes'),
    );
  });

  it('counts the size of an authorizer result in bytes, not characters', () => {
    const room = MAX_RESULT_BYTES - sizeOf(allow(facts({}, '')));
    const jwt = 'é'.repeat(room / 2);

    expect(sizeOf(allow(facts({}, jwt)))).toBeLessThanOrEqual(8192);
    expect(thrownBy(() => allow(facts({}, `${jwt}é`)))).toEqual(
      faultWith('phantom_token_too_large'),
    );
  });

  it('counts the size of encoded identities in an authorizer result', () => {
    const room = MAX_RESULT_BYTES - sizeOf(allow(facts({ sub: '', clientId: 'shop' }, '')));

    expect(() => allow(facts({ sub: 'a'.repeat(room / 2 - 20) }, ''))).not.toThrow();
    expect(thrownBy(() => allow(facts({ sub: '"'.repeat(room / 2 - 20) }, '')))).toEqual(
      faultWith('phantom_token_too_large'),
    );
  });

  it('refuses a result exactly if its JSON is too large, whatever its texts are', () => {
    const text = fc.string({ unit: codePoint, maxLength: 300 });
    const property = fc.property(text, text, text, fc.integer({ min: -2, max: 2 }), (...parts) => {
      const [sub, scope, stage, excess] = parts;
      const format = { ...REST, stageArn: `${STAGE}${stage}/*` };
      const decide = (jwt: string) => {
        const decision = { outcome: 'allow', facts: facts({ sub, scopes: [scope] }, jwt) } as const;
        return toAuthorizerResult(decision, format, 'sub');
      };
      const room = MAX_RESULT_BYTES - sizeOf(decide(''));
      const result = () => decide('x'.repeat(room + excess));
      if (excess > 0) expect(result).toThrow(Fault);
      else expect(sizeOf(result())).toBe(MAX_RESULT_BYTES + excess);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('returns a policy for a denial that would not fit as an allowance', () => {
    const some = facts({}, 'x'.repeat(10_000));
    const decision = {
      outcome: 'forbidden',
      reason: 'insufficient_scope',
      facts: some,
      requiredScopes: ['read'],
    } as const;

    expect(toAuthorizerResult(decision, REST)).toHaveProperty('policyDocument');
  });

  it('returns no scopes with a denial that no scope would change', () => {
    const decision = {
      outcome: 'forbidden',
      reason: 'mcp_version_refused',
      facts: facts(),
      requiredScopes: [],
    } as const;

    expect(toAuthorizerResult(decision, { api: 'HTTP', format: 'simple' })).toEqual({
      isAuthorized: false,
      context: {},
    });
    expect(toAuthorizerResult(decision, REST)).toHaveProperty('context', {});
  });

  it.each([
    [1, { required_scope: 'x' }],
    [4096, { required_scope: 'x'.repeat(4096) }],
    [4097, {}],
  ])('a denial of %i characters of required scopes has the context %j', (length, context) => {
    const decision = {
      outcome: 'forbidden',
      reason: 'insufficient_scope',
      facts: facts(),
      requiredScopes: ['x'.repeat(length)],
    } as const;

    expect(toAuthorizerResult(decision, REST)).toHaveProperty('context', context);
  });

  it('never returns a context that API Gateway refuses', () => {
    const claims = fc.record({
      sub: fc.option(fc.string(), { nil: undefined }),
      clientId: fc.option(fc.string(), { nil: undefined }),
      scopes: fc.array(fc.string()),
      exp: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
    });

    fc.assert(
      fc.property(claims, (some) => {
        const result = allow(facts(some));
        const { context, principalId } = result as APIGatewayAuthorizerResult;
        for (const value of Object.values(context ?? {})) {
          expect(['string', 'number', 'boolean']).toContain(typeof value);
        }
        expect(typeof principalId).toBe('string');
      }),
    );
  });

  it('percent-encodes every identity and the scope in the context, and leaves the JWT as it is', () => {
    const jwt = jws({ sub: 'müller"' });
    const some = facts({ sub: 'müller"', clientId: 'a\\b\n', scopes: ['100%', 'read'] }, jwt);

    expect(toAuthorizerResult({ outcome: 'allow', facts: some }, REST, 'client_id')).toMatchObject({
      principalId: 'm%C3%BCller%22',
      usageIdentifierKey: 'a%5Cb%0A',
      context: {
        authorization: `Bearer ${jwt}`,
        sub: 'm%C3%BCller%22',
        client_id: 'a%5Cb%0A',
        scope: '100%25 read',
      },
    });
  });
});

describe('the trace context of an authorizer result', () => {
  const TRACEPARENT = `00-${'4'.repeat(32)}-${'b'.repeat(16)}-01`;
  const decisions = {
    allow: (jwt: string) => ({ outcome: 'allow', facts: facts({}, jwt) }) as const,
    deny: () =>
      ({
        outcome: 'forbidden',
        reason: 'insufficient_scope',
        facts: facts(),
        requiredScopes: ['read'],
      }) as const,
  };
  const HTTP = { api: 'HTTP', format: 'simple' } as const;

  it.each([
    ['an allowed request to a REST API', decisions.allow('jwt'), REST],
    ['a forbidden request to a REST API', decisions.deny(), REST],
    ['an allowed request to an HTTP API', decisions.allow('jwt'), HTTP],
    ['a forbidden request to an HTTP API', decisions.deny(), HTTP],
  ] as const)(
    'the authorizer result adds the traceparent of %s to the context',
    (...[, decision, format]) => {
      const untraced = toAuthorizerResult(decision, format) as APIGatewayAuthorizerResult;

      expect(untraced.context).not.toHaveProperty('traceparent');
      expect(toAuthorizerResult(decision, format, undefined, TRACEPARENT)).toEqual({
        ...untraced,
        context: { ...untraced.context, traceparent: TRACEPARENT },
      });
    },
  );

  it.each([
    ['a policy', REST],
    ['a simple response', HTTP],
  ] as const)(
    'the authorizer result, %s, has the traceparent exactly if it is not too large with it',
    (_, format) => {
      const traced = (jwt: string) =>
        toAuthorizerResult(decisions.allow(jwt), format, undefined, TRACEPARENT);
      const room = MAX_RESULT_BYTES - sizeOf(traced(''));

      expect(sizeOf(traced('x'.repeat(room)))).toBe(MAX_RESULT_BYTES);
      expect(traced('x'.repeat(room + 1))).toEqual(
        toAuthorizerResult(decisions.allow('x'.repeat(room + 1)), format),
      );
    },
  );
});

describe('the usage plan of an authorizer result', () => {
  it.each([
    ['sub', facts(), 'alice'],
    ['client_id', facts(), 'shop'],
    ['sub', facts({ sub: undefined }), undefined],
    ['client_id', facts({ clientId: '' }), undefined],
    [undefined, facts(), undefined],
  ] as const)(
    'the authorizer result names the usage plan by the claim %s (%#)',
    (claim, some, expected) => {
      const result = toAuthorizerResult({ outcome: 'allow', facts: some }, REST, claim);

      expect(Object.entries(result).filter(([name]) => name === 'usageIdentifierKey')).toEqual(
        expected === undefined ? [] : [['usageIdentifierKey', expected]],
      );
    },
  );
});

describe('toAuthorizerError', () => {
  it('toAuthorizerError returns an error whose message is safe as it is', () => {
    const error = new Fault('introspection_unavailable', 'the authorization server responded 500');

    expect(toAuthorizerError(error)).toBe(error);
  });

  it('toAuthorizerError percent-encodes a message that could break a line of the access log', () => {
    const fault = new Fault('introspection_response_invalid', 'type "x","subject":"alice');

    expect(toAuthorizerError(fault)).toMatchObject({
      name: 'Fault',
      message: 'introspection_response_invalid: type %22x%22,%22subject%22:%22alice',
      cause: fault,
    });
    expect(toAuthorizerError('a "text"')).toHaveProperty('message', 'a %22text%22');
  });
});
