import { z } from 'zod';

/** Resource types that the local API Gateway supports. */
export const GATEWAY_RESOURCE_TYPES = [
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::BasePathMapping',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Lambda::Permission',
] as const;

/** Returns the schema of an enumeration. Its error names the value that is not supported. */
export function supported<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, {
    error: ({ input }) => `${JSON.stringify(input)} is not supported, only ${values.join(' and ')}`,
  });
}

/** Returns the schema of a feature that a template can name only to turn it off. */
export function unsupported(feature: string) {
  return z.literal(false, { error: `${feature} is not supported` }).optional();
}

/** Properties of an `AWS::Lambda::Permission`. */
export const permissionSchema = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});
