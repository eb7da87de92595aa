import { z } from 'zod';
import { supported, unsupported } from '../resource-schemas';
import { openPolicySchema } from './resource-policy';

const strings = z.record(z.string(), z.string());
const tags = z.array(z.strictObject({ Key: z.string(), Value: z.string() }));

/**
 * Properties of an `AWS::ApiGateway::RestApi`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html
 */
export const restApiSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  Tags: tags.optional(),
  // Private APIs have other limits.
  EndpointConfiguration: z
    .strictObject({
      Types: z.array(supported('REGIONAL', 'EDGE')).optional(),
      IpAddressType: z.string().optional(),
    })
    .optional(),
  // Bodies of these media types are sent to functions as base64, to other upstreams unchanged.
  BinaryMediaTypes: z.array(z.string()).default([]),
  // Local mode serves the default endpoint in any case. It also represents custom domain names without mutual TLS.
  DisableExecuteApiEndpoint: z.boolean().optional(),
  ApiKeySourceType: supported('HEADER', 'AUTHORIZER').default('HEADER'),
  Policy: openPolicySchema.optional(),
});

/** Properties of an `AWS::ApiGateway::Resource`. */
export const resourceSchema = z.strictObject({
  ParentId: z.string(),
  PathPart: z.string(),
  RestApiId: z.string(),
});

/** Properties of an `AWS::ApiGateway::Deployment`. The template counts as deployed, as after `cdk deploy`. */
export const deploymentSchema = z.strictObject({
  RestApiId: z.string(),
  Description: z.string().optional(),
});

/** Properties of an `AWS::ApiGateway::Stage`. */
export const stageSchema = z.strictObject({
  RestApiId: z.string(),
  DeploymentId: z.string(),
  StageName: z.string(),
  Description: z.string().optional(),
  Tags: tags.optional(),
  Variables: strings.default({}),
  // Local mode presents no client certificate to upstreams.
  ClientCertificateId: z.string().optional(),
  AccessLogSetting: z
    // Local mode writes access logs to its log instead of the destination.
    .strictObject({ DestinationArn: z.string(), Format: z.string() })
    .optional(),
  // Local mode has no tracing, metrics, execution logs or throttling.
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

/**
 * Properties of an `AWS::ApiGateway::Authorizer`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html
 */
export const authorizerSchema = z.strictObject({
  RestApiId: z.string(),
  Name: z.string(),
  Type: supported('REQUEST'),
  AuthType: z.string().optional(),
  AuthorizerUri: z.string(),
  IdentitySource: z.string().default(''),
  AuthorizerResultTtlInSeconds: z.number().int().min(0).max(3600).default(300),
});

/** Properties of an `AWS::ApiGateway::GatewayResponse`. */
export const gatewayResponseSchema = z.strictObject({
  RestApiId: z.string(),
  ResponseType: z.string(),
  StatusCode: z.coerce.number().int().optional(),
  ResponseParameters: strings.default({}),
  ResponseTemplates: strings
    .refine((templates) => Object.keys(templates).length <= 1, {
      error: 'a choice between several content types is not supported',
    })
    .default({}),
});

/**
 * Maximum timeout of an integration, in milliseconds: 15 minutes, for streamed responses.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-streaming-http.html
 */
const MAX_TIMEOUT_MS = 900_000;

const httpProxySchema = z.strictObject({
  Type: z.literal('HTTP_PROXY'),
  Uri: z.string(),
  IntegrationHttpMethod: z.string(),
  RequestParameters: strings.default({}),
  TimeoutInMillis: z.number().int().min(50).max(MAX_TIMEOUT_MS).default(29_000),
  ResponseTransferMode: supported('BUFFERED', 'STREAM').default('BUFFERED'),
  // Local mode connects to a private upstream directly.
  ConnectionType: supported('INTERNET', 'VPC_LINK').optional(),
  ConnectionId: z.string().optional(),
  IntegrationTarget: z.string().optional(),
  // Applies to bodies that match no template; a proxy has no templates.
  PassthroughBehavior: z.string().optional(),
});

const lambdaProxySchema = z.strictObject({
  Type: z.literal('AWS_PROXY'),
  Uri: z.string(),
  // "For Lambda integrations, you must use the HTTP method of POST".
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
  IntegrationHttpMethod: z.literal('POST'),
  TimeoutInMillis: z.number().int().min(50).default(29_000),
  ResponseTransferMode: supported('BUFFERED').optional(),
  // Role that API Gateway assumes, so that the function's resource policy does not matter.
  Credentials: z.string().optional(),
  // A proxy has neither templates nor integration responses: the function gets and determines everything.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
  PassthroughBehavior: z.string().optional(),
  RequestTemplates: strings.optional(),
  IntegrationResponses: z.array(z.unknown()).optional(),
  // Of the response cache, which is off.
  CacheKeyParameters: z.array(z.string()).optional(),
  CacheNamespace: z.string().optional(),
});

const mockSchema = z.strictObject({
  Type: z.literal('MOCK'),
  ContentHandling: z.literal('CONVERT_TO_TEXT').optional(),
  RequestTemplates: z.strictObject({ 'application/json': z.string().optional() }).default({}),
  PassthroughBehavior: supported('WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER').default(
    'WHEN_NO_MATCH',
  ),
  // A mock responds immediately.
  TimeoutInMillis: z.number().optional(),
  ResponseTransferMode: supported('BUFFERED').optional(),
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

/**
 * Properties of an `AWS::ApiGateway::Method`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html
 */
export const methodSchema = z.strictObject({
  RestApiId: z.string(),
  ResourceId: z.string(),
  HttpMethod: z.string(),
  AuthorizationType: supported('NONE', 'CUSTOM'),
  AuthorizerId: z.string().optional(),
  ApiKeyRequired: z.boolean().default(false),
  OperationName: z.string().optional(),
  // Parameters that a mapping can use. Required parameters are enforced only by a request validator.
  RequestParameters: z.record(z.string(), z.boolean()).default({}),
  // Headers that a mock can map. The models describe bodies to SDK generators.
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
      `integration type ${JSON.stringify((input as { Type?: unknown } | null)?.Type)} is not supported`,
  }),
});

/** Properties of an `AWS::ApiGateway::Method` by which it is authorized, whatever its integration is. */
export const methodAuthorizationSchema = z.object(
  methodSchema.pick({ AuthorizationType: true, AuthorizerId: true, ApiKeyRequired: true }).shape,
);

/**
 * Properties of an `AWS::ApiGateway::ApiKey`. Local mode checks keys, but enforces no quota or throttle.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-apikey.html
 */
export const apiKeySchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  CustomerId: z.string().optional(),
  GenerateDistinctId: z.boolean().optional(),
  Enabled: z.boolean().default(false),
  // If absent, API Gateway generates a value, which no local request can know.
  Value: z.string().optional(),
  // Usage plans alone determine the stages of a key.
  StageKeys: z.array(z.unknown()).optional(),
  Tags: tags.optional(),
});

/** Properties of an `AWS::ApiGateway::UsagePlan`. */
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

/** Properties of an `AWS::ApiGateway::UsagePlanKey`. */
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
