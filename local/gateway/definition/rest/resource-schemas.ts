import { z } from 'zod';
import { supported, unsupported } from '../resource-schemas';

const strings = z.record(z.string(), z.string());
const tags = z.array(z.strictObject({ Key: z.string(), Value: z.string() }));

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html */
export const restApiSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  Tags: tags.optional(),
  // Where the endpoint stands on AWS; private APIs have other limits.
  EndpointConfiguration: z
    .strictObject({
      Types: z.array(supported('REGIONAL', 'EDGE')).optional(),
      IpAddressType: z.string().optional(),
    })
    .optional(),
  // Decides what a function gets as base64; to other upstreams bodies pass as the bytes they are.
  BinaryMediaTypes: z.array(z.string()).default([]),
  // There is only one local endpoint, and it stands in for the custom domain name as well.
  DisableExecuteApiEndpoint: z.boolean().optional(),
  ApiKeySourceType: supported('HEADER', 'AUTHORIZER').default('HEADER'),
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
        CachingEnabled: unsupported('response caching'),
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
  CacheClusterEnabled: unsupported('response caching'),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html */
export const authorizerSchema = z.strictObject({
  RestApiId: z.string(),
  Name: z.string(),
  Type: supported('REQUEST'),
  AuthType: z.string().optional(),
  AuthorizerUri: z.string(),
  IdentitySource: z.string().default(''),
  AuthorizerResultTtlInSeconds: z.number().int().min(0).max(3600).default(300),
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
  // A private upstream is reached directly: the machine is its own private network.
  ConnectionType: supported('INTERNET', 'VPC_LINK').optional(),
  ConnectionId: z.string().optional(),
  // Decides what happens to a body that no template matches; a proxy has no templates.
  PassthroughBehavior: z.string().optional(),
});

const lambdaProxySchema = z.strictObject({
  Type: z.literal('AWS_PROXY'),
  Uri: z.string(),
  // "For Lambda integrations, you must use the HTTP method of POST".
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
  IntegrationHttpMethod: z.literal('POST'),
  TimeoutInMillis: z.number().int().min(50).default(29_000),
  PassthroughBehavior: z.string().optional(),
});

const mockSchema = z.strictObject({
  Type: z.literal('MOCK'),
  ContentHandling: z.literal('CONVERT_TO_TEXT').optional(),
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
  AuthorizationType: supported('NONE', 'CUSTOM'),
  AuthorizerId: z.string().optional(),
  ApiKeyRequired: z.boolean().default(false),
  OperationName: z.string().optional(),
  // Which parameters a mapping may use; whether they are required counts only with a validator.
  RequestParameters: z.record(z.string(), z.boolean()).default({}),
  // Which headers a mock may map; the models document bodies, for generated SDKs.
  MethodResponses: z
    .array(
      z.strictObject({
        StatusCode: z.union([z.string(), z.number()]),
        ResponseParameters: z.record(z.string(), z.boolean()).default({}),
        ResponseModels: strings.optional(),
      }),
    )
    .default([]),
  Integration: z.discriminatedUnion('Type', [httpProxySchema, lambdaProxySchema, mockSchema], {
    error: ({ input }) =>
      `integration type ${JSON.stringify((input as { Type?: unknown } | null)?.Type)} is not imitated`,
  }),
});

/**
 * Whether a key counts is imitated; how often it may be used is not.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-apikey.html
 */
export const apiKeySchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  CustomerId: z.string().optional(),
  GenerateDistinctId: z.boolean().optional(),
  Enabled: z.boolean().default(false),
  // Generated by API Gateway when absent: nobody knows it then, and no request has it.
  Value: z.string().optional(),
  // Only usage plans decide which stages a key is for.
  StageKeys: z.array(z.unknown()).optional(),
  Tags: tags.optional(),
});

export const usagePlanSchema = z.strictObject({
  UsagePlanName: z.string().optional(),
  Description: z.string().optional(),
  ApiStages: z
    .array(
      z.strictObject({ ApiId: z.string(), Stage: z.string(), Throttle: z.unknown().optional() }),
    )
    .default([]),
  Quota: z.unknown().optional(),
  Throttle: z.unknown().optional(),
  Tags: tags.optional(),
});

export const usagePlanKeySchema = z.strictObject({
  KeyId: z.string(),
  KeyType: z.literal('API_KEY'),
  UsagePlanId: z.string(),
});

export type MethodResponses = z.infer<typeof methodSchema>['MethodResponses'];
export type MethodProperties = z.infer<typeof methodSchema>;
export type HttpProxyProperties = z.infer<typeof httpProxySchema>;
export type LambdaProxyProperties = z.infer<typeof lambdaProxySchema>;
export type MockProperties = z.infer<typeof mockSchema>;
export type GatewayResponseProperties = z.infer<typeof gatewayResponseSchema>;
