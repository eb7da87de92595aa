import { JwtRsaVerifier } from 'aws-jwt-verify';
import { AUDIENCE, ISSUER } from './servers/claims';

/** Authorizer of an API whose access tokens are JWTs. It fetches the key set with the first request. */
const verifier = JwtRsaVerifier.create({
  issuer: ISSUER,
  audience: AUDIENCE,
  jwksUri: `${process.env['INTROSPECTION_ENDPOINT']}jwks`,
});

interface Event {
  readonly headers: Readonly<Record<string, string>>;
  readonly methodArn: string;
}

export const handler = async ({ headers, methodArn }: Event): Promise<object> => {
  const { sub } = await verifier.verify((headers['Authorization'] ?? '').replace('Bearer ', ''));
  const statement = { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn };
  const policyDocument = { Version: '2012-10-17', Statement: [statement] };
  return { principalId: sub, policyDocument, context: { sub } };
};
