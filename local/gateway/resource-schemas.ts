import { z } from 'zod';

/** The resource types that the local API Gateway imitates. */
export const gatewayResourceTypes = [
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::Lambda::Permission',
] as const;

const strings = z.record(z.string(), z.string());
const tags = z.array(z.strictObject({ Key: z.string(), Value: z.string() }));

/** An enumeration whose error names the value that is not imitated. */
function imitated<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, {
    error: ({ input }) => `${JSON.stringify(input)} is not imitated, only ${values.join(' and ')}`,
  });
}

/** A feature that may be named in a template as long as it is off. */
function off(feature: string) {
  return z.literal(false, { error: `${feature} is not imitated` }).optional();
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html */
export const restApiSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  Tags: tags.optional(),
  // Where the endpoint stands on AWS; private APIs have other limits.
  EndpointConfiguration: z
    .strictObject({
      Types: z.array(imitated('REGIONAL', 'EDGE')).optional(),
      IpAddressType: z.string().optional(),
    })
    .optional(),
  // Local bodies always pass as the bytes they are.
  BinaryMediaTypes: z.array(z.string()).optional(),
  // There is only one local endpoint, and it stands in for the custom domain name as well.
  DisableExecuteApiEndpoint: z.boolean().optional(),
});

export const resourceSchema = z.strictObject({
  ParentId: z.string(),
  PathPart: z.string(),
  RestApiId: z.string(),
});

/** The whole template counts as deployed, as it does after `cdk deploy`. */
export const deploymentSchema = z.strictObject({
  RestApiId: z.string(),
  Description: z.string().optional(),
});

export const stageSchema = z.strictObject({
  RestApiId: z.string(),
  DeploymentId: z.string(),
  StageName: z.string(),
  Description: z.string().optional(),
  Tags: tags.optional(),
  Variables: strings.default({}),
  AccessLogSetting: z
    // Local access logs go to the log function instead of the destination.
    .strictObject({ DestinationArn: z.string(), Format: z.string() })
    .optional(),
  // One request at a time from one machine: no tracing, metrics, execution logs or throttling.
  TracingEnabled: z.boolean().optional(),
  MethodSettings: z
    .array(
      z.strictObject({
        CachingEnabled: off('response caching'),
        DataTraceEnabled: z.boolean().optional(),
        HttpMethod: z.string().optional(),
        LoggingLevel: z.string().optional(),
        MetricsEnabled: z.boolean().optional(),
        ResourcePath: z.string().optional(),
        ThrottlingBurstLimit: z.number().optional(),
        ThrottlingRateLimit: z.number().optional(),
      }),
    )
    .optional(),
  CacheClusterEnabled: off('response caching'),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html */
export const authorizerSchema = z.strictObject({
  RestApiId: z.string(),
  Name: z.string(),
  Type: imitated('REQUEST'),
  AuthType: z.string().optional(),
  AuthorizerUri: z.string(),
  IdentitySource: z.string().default(''),
  AuthorizerResultTtlInSeconds: z.number().int().min(0).max(3600).default(300),
});

export const permissionSchema = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

export const gatewayResponseSchema = z.strictObject({
  RestApiId: z.string(),
  ResponseType: z.string(),
  StatusCode: z.coerce.number().int().optional(),
  ResponseParameters: strings.default({}),
  ResponseTemplates: strings
    .refine((templates) => Object.keys(templates).length <= 1, {
      error: 'the choice between several content types is not imitated',
    })
    .default({}),
});

const httpProxySchema = z.strictObject({
  Type: z.literal('HTTP_PROXY'),
  Uri: z.string(),
  IntegrationHttpMethod: z.string(),
  RequestParameters: strings.default({}),
  TimeoutInMillis: z.number().int().min(50).default(29_000),
  ConnectionType: imitated('INTERNET').optional(),
  // Decides what happens to a body that no template matches; a proxy has no templates.
  PassthroughBehavior: z.string().optional(),
});

const mockSchema = z.strictObject({
  Type: z.literal('MOCK'),
  RequestTemplates: z.strictObject({ 'application/json': z.string() }),
  PassthroughBehavior: z.string().optional(),
  // A mock answers at once.
  TimeoutInMillis: z.number().optional(),
  IntegrationResponses: z
    .array(
      z.strictObject({
        StatusCode: z.coerce.number().int(),
        SelectionPattern: z.string().optional(),
        ResponseParameters: strings.default({}),
        ResponseTemplates: z
          .strictObject({ 'application/json': z.string().optional() })
          .default({}),
      }),
    )
    .default([]),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html */
export const methodSchema = z.strictObject({
  RestApiId: z.string(),
  ResourceId: z.string(),
  HttpMethod: z.string(),
  AuthorizationType: imitated('NONE', 'CUSTOM'),
  AuthorizerId: z.string().optional(),
  ApiKeyRequired: off('an API key'),
  OperationName: z.string().optional(),
  // Which parameters a mapping may use; whether they are required counts only with a validator.
  RequestParameters: z.record(z.string(), z.boolean()).default({}),
  // Documents responses, for generated SDKs.
  MethodResponses: z
    .array(
      z.strictObject({
        StatusCode: z.union([z.string(), z.number()]),
        ResponseParameters: z.record(z.string(), z.boolean()).optional(),
      }),
    )
    .optional(),
  Integration: z.discriminatedUnion('Type', [httpProxySchema, mockSchema], {
    error: ({ input }) =>
      `integration type ${JSON.stringify((input as { Type?: unknown } | null)?.Type)} is not imitated`,
  }),
});

export type MethodProperties = z.infer<typeof methodSchema>;
export type HttpProxyProperties = z.infer<typeof httpProxySchema>;
export type MockProperties = z.infer<typeof mockSchema>;
export type GatewayResponseProperties = z.infer<typeof gatewayResponseSchema>;
