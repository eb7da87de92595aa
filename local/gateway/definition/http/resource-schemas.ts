import { z } from 'zod';
import { supported, unsupported } from '../resource-schemas';

const strings = z.record(z.string(), z.string());

/**
 * CORS configuration of an HTTP API.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigatewayv2-api-cors.html
 */
const corsSchema = z
  .strictObject({
    AllowCredentials: z.boolean().default(false),
    AllowHeaders: z.array(z.string()).default([]),
    AllowMethods: z.array(z.string()).default([]),
    AllowOrigins: z.array(z.string()).default([]),
    ExposeHeaders: z.array(z.string()).default([]),
    MaxAge: z.number().int().min(-1).max(86_400).optional(),
  })
  // API Gateway and browsers reject this combination.
  .refine(
    ({ AllowCredentials, AllowOrigins }) => !(AllowCredentials && AllowOrigins.includes('*')),
    {
      error: 'AllowCredentials must be false where AllowOrigins contains *',
    },
  );

/**
 * Properties of an `AWS::ApiGatewayV2::Api`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-api.html
 */
export const apiSchema = z.strictObject({
  Name: z.string(),
  ProtocolType: supported('HTTP'),
  CorsConfiguration: corsSchema.optional(),
  Description: z.string().optional(),
  // Local mode serves the default endpoint in any case. It also represents custom domain names without mutual TLS.
  DisableExecuteApiEndpoint: z.boolean().optional(),
  IpAddressType: z.string().optional(),
  RouteSelectionExpression: supported(
    '$request.method $request.path',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own syntax
    '${request.method} ${request.path}',
  ).optional(),
  Tags: strings.optional(),
  Version: z.string().optional(),
});

/** Properties of an `AWS::ApiGatewayV2::Deployment`. The template counts as deployed, as with `AutoDeploy`. */
export const deploymentSchema = z.strictObject({
  ApiId: z.string(),
  Description: z.string().optional(),
  StageName: z.string().optional(),
});

// Local mode has no throttling, metrics or execution logs.
const routeSettings = z.strictObject({
  DataTraceEnabled: z.boolean().optional(),
  DetailedMetricsEnabled: z.boolean().optional(),
  LoggingLevel: z.string().optional(),
  ThrottlingBurstLimit: z.number().optional(),
  ThrottlingRateLimit: z.number().optional(),
});

/**
 * Properties of an `AWS::ApiGatewayV2::Stage`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html
 */
export const stageSchema = z.strictObject({
  ApiId: z.string(),
  StageName: z.string(),
  AccessLogSettings: z
    // Local mode writes access logs to its log instead of the destination.
    .strictObject({ DestinationArn: z.string(), Format: z.string() })
    .optional(),
  AutoDeploy: z.boolean().optional(),
  DefaultRouteSettings: routeSettings.optional(),
  DeploymentId: z.string().optional(),
  Description: z.string().optional(),
  RouteSettings: z.record(z.string(), routeSettings).optional(),
  StageVariables: strings.default({}),
  Tags: strings.optional(),
});

/**
 * Properties of an `AWS::ApiGatewayV2::Route`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-route.html
 */
export const routeSchema = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: supported('NONE', 'CUSTOM').default('NONE'),
  AuthorizerId: z.string().optional(),
  ApiKeyRequired: unsupported('an API key'),
  OperationName: z.string().optional(),
});

const integrationBase = {
  ApiId: z.string(),
  IntegrationUri: z.string(),
  ConnectionType: supported('INTERNET').optional(),
  Description: z.string().optional(),
  RequestParameters: strings.default({}),
  // "The default timeout is 30 seconds for HTTP APIs."
  TimeoutInMillis: z.number().int().min(50).max(30_000).default(30_000),
};

const httpProxySchema = z.strictObject({
  ...integrationBase,
  IntegrationType: z.literal('HTTP_PROXY'),
  IntegrationMethod: z.string(),
  // Applies to Lambda integrations only; CDK always sets it.
  PayloadFormatVersion: z.literal('1.0').optional(),
});

const lambdaProxySchema = z.strictObject({
  ...integrationBase,
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationMethod: z.literal('POST').optional(),
  RequestParameters: z
    .strictObject({}, { error: 'parameter mapping to a function is not supported' })
    .optional(),
  PayloadFormatVersion: supported('1.0', '2.0'),
});

/**
 * Properties of an `AWS::ApiGatewayV2::Integration`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-integration.html
 */
export const integrationSchema = z.discriminatedUnion(
  'IntegrationType',
  [httpProxySchema, lambdaProxySchema],
  {
    error: ({ input }) =>
      `integration type ${JSON.stringify((input as { IntegrationType?: unknown } | null)?.IntegrationType)} is not supported`,
  },
);

/**
 * Properties of an `AWS::ApiGatewayV2::Authorizer`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html
 */
export const authorizerSchema = z.strictObject({
  ApiId: z.string(),
  Name: z.string(),
  AuthorizerType: supported('REQUEST'),
  AuthorizerUri: z.string(),
  // "you must specify an authorizerPayloadFormatVersion"
  AuthorizerPayloadFormatVersion: supported('1.0', '2.0'),
  AuthorizerResultTtlInSeconds: z
    .number({ error: 'must be set, since AWS documents no default' })
    .int()
    .min(0)
    .max(3600),
  EnableSimpleResponses: z.boolean().default(false),
  IdentitySource: z.array(z.string()).default([]),
});

export type CorsProperties = z.infer<typeof corsSchema>;
export type HttpProxyProperties = z.infer<typeof httpProxySchema>;
export type LambdaProxyProperties = z.infer<typeof lambdaProxySchema>;
