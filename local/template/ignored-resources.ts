/** Resource types without an effect in local mode, each with the reason. */
const IGNORED_TYPES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'lets API Gateway write to CloudWatch; local logs go to the terminal',
  'AWS::ApiGateway::BasePathMappingV2': 'APIs are served at their default endpoints',
  'AWS::ApiGateway::ClientCertificate': 'upstreams are called without a client certificate',
  'AWS::ApiGateway::DocumentationPart': 'describes the API',
  'AWS::ApiGateway::DocumentationVersion': 'describes the API',
  'AWS::ApiGateway::DomainNameV2': 'APIs are served at their default endpoints',
  'AWS::ApiGateway::Model': 'describes bodies; methods that validate them are not supported',
  'AWS::ApiGateway::RequestValidator': 'methods that use one are not supported',
  'AWS::ApiGateway::VpcLink': 'a private upstream is reached directly',
  'AWS::ApiGatewayV2::VpcLink': 'a private upstream is reached directly',
  'AWS::ApplicationAutoScaling::ScalableTarget': 'environments are started as they are needed',
  'AWS::ApplicationAutoScaling::ScalingPolicy': 'environments are started as they are needed',
  'AWS::CDK::Metadata': 'reports to AWS which constructs are in use',
  'AWS::CloudWatch::Alarm': 'no metrics are collected locally',
  'AWS::CloudWatch::CompositeAlarm': 'no metrics are collected locally',
  'AWS::CloudWatch::Dashboard': 'no metrics are collected locally',
  'AWS::EC2::SecurityGroup': "the machine's own network is used",
  'AWS::IAM::ManagedPolicy': 'the embedded AWS endpoints do not authorize',
  'AWS::IAM::Policy': 'the embedded AWS endpoints do not authorize',
  'AWS::IAM::Role': 'the embedded AWS endpoints do not authorize',
  'AWS::KMS::Alias': 'nothing is encrypted locally',
  'AWS::KMS::Key': 'nothing is encrypted locally',
  'AWS::Lambda::CodeSigningConfig': 'concerns deployments',
  'AWS::Lambda::EventInvokeConfig': 'concerns asynchronous invocations',
  'AWS::Lambda::EventSourceMapping': 'embedded services deliver no events',
  'AWS::Lambda::LayerVersion': 'functions that use one are not supported',
  'AWS::Lambda::LayerVersionPermission': 'functions that use one are not supported',
  'AWS::Lambda::Url': 'local mode serves APIs',
  'AWS::Logs::LogGroup': 'local logs go to the terminal',
  'AWS::Logs::MetricFilter': 'no metrics are collected locally',
  'AWS::Logs::QueryDefinition': 'local logs go to the terminal',
  'AWS::SecretsManager::ResourcePolicy': 'the embedded AWS endpoints do not authorize',
  'AWS::SecretsManager::SecretTargetAttachment': 'the local secret does not change',
};

/** Returns whether resources of the type have no effect in local mode. */
export function isIgnoredLocally(type: string): boolean {
  return Object.hasOwn(IGNORED_TYPES, type);
}
