import { credentialsSecrets } from '../../../local/stack/credentials';
import { resolveTemplate } from '../../../local/template/resolve';

const fn = (Variables: object) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Environment: { Variables } },
});
const secretsOf = (Resources: object) =>
  credentialsSecrets(resolveTemplate({ Resources }, { stackName: 'Stack' }));

test('the credentials secrets are those of authorizer functions, each once', () => {
  const Secret = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'client' } };
  const authorizer = fn({ INTROSPECTION_CREDENTIALS_SECRET_ARN: { Ref: 'Secret' } });
  const other = fn({ DATABASE_SECRET_ARN: { Ref: 'Secret' } });

  expect(secretsOf({ Secret, authorizer, second: authorizer, other })).toEqual([
    expect.stringMatching(/:secret:client-\w{6}$/),
  ]);
  expect(secretsOf({ Secret, other })).toEqual([]);
});

test('a function whose environment is not supported has no credentials secret', () => {
  expect(secretsOf({ broken: fn({ A: { 'Fn::Transform': {} } }) })).toEqual([]);
});
