import { z } from 'zod';

/** The resource types that the local API Gateway imitates. */
export const gatewayResourceTypes = [
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Lambda::Permission',
] as const;

/** An enumeration whose error names the value that is not imitated. */
export function supported<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, {
    error: ({ input }) => `${JSON.stringify(input)} is not imitated, only ${values.join(' and ')}`,
  });
}

/** A feature that may be named in a template as long as it is off. */
export function unsupported(feature: string) {
  return z.literal(false, { error: `${feature} is not imitated` }).optional();
}

export const permissionSchema = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});
