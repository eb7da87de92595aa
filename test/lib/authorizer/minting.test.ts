import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { readConfig } from '../../../lambda/core/config';
import {
  type AuthorizerFunctionProps,
  ClientAuthentication,
  IntrospectionResponse,
  type PhantomTokenMinting,
  PropError,
  SigningKmsKey,
  UntypedTokens,
} from '../../../lib';
import type { AuthorizerFunction } from '../../../lib/authorizer/authorizer-function';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { thrownBy } from '../../support/faults';
import { newStack } from '../../support/synthesize';

type Props = Partial<Omit<AuthorizerFunctionProps, 'mint'>>;

/** Returns a function that mints, in a stack of its own. */
function minting(mint: Partial<PhantomTokenMinting> = {}, props: Props = {}) {
  const stack = newStack();
  const keys = new SigningKmsKey(stack, 'Keys');
  const authorizer = addAuthorizerFunction(stack, {
    introspectionResponse: IntrospectionResponse.json(),
    mint: { issuer: 'https://api.example.com', audience: ['orders'], keys, ...mint },
    ...props,
  });
  return { stack, authorizer };
}
const faultOf = (mint: Partial<PhantomTokenMinting>, props?: Props) => {
  const error = thrownBy(() => minting(mint, props));
  expect(error).toBeInstanceOf(PropError);
  return (error as Error).message;
};
const errorsOf = ({ authorizer }: { authorizer: AuthorizerFunction }) =>
  authorizer.node.validate().join();

describe('the minting of an authorizer function', () => {
  it('configures the function with what it reads', () => {
    const { stack, authorizer } = minting({ subject: 'username', claims: { t: 'ext.t' } });

    const { TOKEN_MINT, ...variables } = stack.resolve(authorizer.configuration);
    const environment = {
      ...variables,
      TOKEN_MINT,
      SIGNING_KMS_KEY_ARN: 'arn:kms',
      TOKEN_CACHE_TABLE: 'table',
      INTROSPECTION_CREDENTIALS_SECRET_ARN: 'arn:secret',
      SCOPE_RULES: '{}',
    };

    expect(readConfig(environment)).toMatchObject({
      introspection: { response: { untyped: 'refuse' } },
      mint: {
        ...{ response: 'json', issuer: 'https://api.example.com', audience: ['orders'] },
        ...{ subject: 'username', claims: { t: 'ext.t' }, lifetimeSeconds: 420 },
        key: { kmsKeyArn: 'arn:kms' },
      },
    });
  });

  it('mints tokens that outlive the longest result cache by default', () => {
    const { stack, authorizer } = minting({}, { cacheMaxTtl: Duration.millis(1500) });
    authorizer.enforce(new Construct(stack, 'Api'), 'a', () => [], {
      resultTtl: Duration.hours(1),
    });

    const { TOKEN_MINT } = stack.resolve(authorizer.configuration);

    expect(JSON.parse(TOKEN_MINT).lifetimeSeconds).toBe(3662);
  });

  it('reports a lifetime that a cache outlives, at its limit', () => {
    expect(errorsOf(minting({ lifetime: Duration.seconds(420) }))).not.toContain('mint.lifetime');
    expect(errorsOf(minting({ lifetime: Duration.seconds(419) }))).toContain(
      'mint.lifetime must be at least cacheMaxTtl + resultsCacheTtl + 60 s, so that no cache outlives a minted token: ' +
        '420 s, got: 419 s',
    );
  });

  it.each<[string, Partial<PhantomTokenMinting>, Props, string]>([
    [
      'the kind of response',
      {},
      { introspectionResponse: IntrospectionResponse.jwt() },
      'introspectionResponse must be IntrospectionResponse.json() or signed() with mint, got: jwt()',
    ],
    ['the issuer', { issuer: 'http://api.example.com' }, {}, 'mint.issuer must be an https: URL'],
    ['the audience', { audience: [] }, {}, 'audience must be a list'],
    ['the subject', { subject: '' }, {}, 'mint.subject must not be empty'],
    ['a claim', { claims: { sub: 'x' } }, {}, 'mint.claims must not be a claim'],
    ['a member', { claims: { x: 'cnf' } }, {}, 'mint.claims must be the path of a member'],
    [
      'the lifetime',
      { lifetime: Duration.days(3) },
      {},
      'mint.lifetime must be between 1 and 172800',
    ],
    [
      'the keys of signed responses',
      {},
      {
        introspectionResponse: IntrospectionResponse.signed(),
        issuer: 'https://login.example.com',
      },
      'jwksUri must be set if introspectionResponse is signed, got: undefined',
    ],
    [
      'the client of signed responses',
      {},
      {
        introspectionResponse: IntrospectionResponse.signed(),
        issuer: 'https://login.example.com',
        jwksUri: 'https://login.example.com/jwks',
        clientAuthentication: ClientAuthentication.bearer(),
      },
      'clientAuthentication must name a client',
    ],
  ])('rejects props in which %s is faulty', (_, mint, props, message) => {
    expect(faultOf(mint, props)).toContain(message);
  });

  it('rejects responses without phantom tokens if nothing is minted', () => {
    const error = thrownBy(() =>
      addAuthorizerFunction(newStack(), { introspectionResponse: IntrospectionResponse.json() }),
    );

    expect((error as Error).message).toContain('mint is required');
  });

  it('rejects that untyped tokens are refused where each response is a JWT', () => {
    const refuse = { untyped: UntypedTokens.REFUSE };
    const member = { ...refuse, introspectionResponse: IntrospectionResponse.member('jwt') };

    expect((thrownBy(() => addAuthorizerFunction(newStack(), refuse)) as Error).message).toContain(
      'untyped must not be refused',
    );
    expect(() => addAuthorizerFunction(newStack(), member)).not.toThrow();
  });
});
