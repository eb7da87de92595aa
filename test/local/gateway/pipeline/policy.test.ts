import { matchesPattern } from '../../../../local/gateway/definition/arn-pattern';
import { parseAuthorizerResult as parse } from '../../../../local/gateway/pipeline/authorizer-result';
import { evaluatePolicy } from '../../../../local/gateway/pipeline/policy';
import { authorizerResultSchema } from '../../../../local/gateway/pipeline/rest/authorizer-result';

const parseAuthorizerResult = (payload: unknown) => parse(payload, authorizerResultSchema);

const arn = 'arn:aws:execute-api:us-east-1:000000000000:abcdefghij/v1/GET/orders/7';
const allow = (Resource: string | string[], Action: string | string[] = 'execute-api:Invoke') => ({
  Effect: 'Allow' as const,
  Action,
  Resource,
});

describe('policy evaluation', () => {
  it.each([
    ['a star that crosses slashes', 'arn:aws:execute-api:*:*:abcdefghij/v1/*'],
    ['a question mark for one character', 'arn:*/v1/GET/orders/?'],
    ['one of several resources', ['arn:other', arn]],
    ['the bare star', '*'],
  ])('a policy allows by %s', (_, resource) => {
    expect(evaluatePolicy({ Statement: [allow(resource)] }, arn)).toBe('allowed');
  });

  it.each(['execute-api:*', '*', 'execute-api:invoke', 'Execute-API:Inv?ke'])(
    'a policy allows by the action %s',
    (action) => {
      expect(evaluatePolicy({ Statement: [allow('*', ['s3:GetObject', action])] }, arn)).toBe(
        'allowed',
      );
    },
  );

  it.each<[string, ReturnType<typeof allow>]>([
    ['another action', allow('*', 'execute-api:ManageConnections')],
    ['a resource that is only a prefix', allow(arn.slice(0, -1))],
    ['a question mark for no character', allow(`${arn}?`)],
    ['a dot that is not a wildcard', allow(arn.replace('7', '.'))],
  ])('a policy denies implicitly with %s', (_, statement) => {
    expect(evaluatePolicy({ Statement: [statement] }, arn)).toBe('implicit-deny');
  });

  it('an explicit Deny precedes any Allow', () => {
    const deny = { ...allow('*/orders/*'), Effect: 'Deny' as const };
    expect(evaluatePolicy({ Statement: [deny, allow('*')] }, arn)).toBe('explicit-deny');
    expect(evaluatePolicy({ Statement: [allow('*'), deny] }, arn)).toBe('explicit-deny');
  });

  it('ARN patterns match the whole text', () => {
    expect(matchesPattern('a*c', 'a/b/c')).toBe(true);
    expect(matchesPattern('a*c', 'a/b/cd')).toBe(false);
  });
});

describe('authorizer result', () => {
  const result = (more: object = {}) => ({
    principalId: 'alice',
    policyDocument: { Version: '2012-10-17', Statement: [allow('*')] },
    ...more,
  });

  it('an authorizer context can hold strings, numbers and booleans', () => {
    const context = { a: 'x', b: 1, c: true };
    expect(parseAuthorizerResult(result({ context }))).toEqual({ result: result({ context }) });
  });

  it('a policy can have one statement without a list', () => {
    const payload = result({ policyDocument: { Statement: allow('*') } });
    expect(parseAuthorizerResult(payload)).toHaveProperty('result.policyDocument.Statement', [
      allow('*'),
    ]);
  });

  it.each([
    ['a list in the context', result({ context: { a: ['secret-value'] } }), 'context.a'],
    ['a missing principal', result({ principalId: undefined }), 'principalId'],
    ['a Condition', withStatement({ Condition: {} }), 'Condition'],
    ['a NotAction', withStatement({ NotAction: 'x' }), 'NotAction'],
    ['a NotResource', withStatement({ NotResource: 'x' }), 'NotResource'],
    ['a misspelt effect', withStatement({ Effect: 'allow' }), 'Statement.0.Effect'],
    ['a missing payload', undefined, 'malformed'],
  ])(
    'an authorizer result with %s is a fault that names the member but no value',
    (_, payload, named) => {
      const parsed = parseAuthorizerResult(payload);
      expect(parsed).toEqual({ fault: expect.stringContaining(named) });
      expect(JSON.stringify(parsed)).not.toContain('secret-value');
    },
  );

  it('a policy resource can have at most 512 characters', () => {
    expect(parseAuthorizerResult(withStatement({ Resource: 'a'.repeat(512) }))).toHaveProperty(
      'result',
    );
    expect(parseAuthorizerResult(withStatement({ Resource: 'a'.repeat(513) }))).toHaveProperty(
      'fault',
    );
  });

  it('an authorizer result can have at most 8192 bytes of JSON', () => {
    const overhead = Buffer.byteLength(JSON.stringify(result({ context: { jwt: '' } })));
    const filled = (bytes: number) =>
      result({ context: { jwt: `é${'x'.repeat(bytes - overhead - 2)}` } });
    expect(parseAuthorizerResult(filled(8192))).toHaveProperty('result');
    expect(parseAuthorizerResult(filled(8193))).toEqual({
      fault: expect.stringContaining('must be at most 8192 bytes, got: 8193'),
    });
  });

  function withStatement(more: object) {
    return result({ policyDocument: { Statement: [{ ...allow('*'), ...more }] } });
  }
});
