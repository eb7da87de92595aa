import type { ResolvedTemplate } from './resolve';
import { UnsupportedTemplateError } from './unsupported';

/** Resource types that a template may hold and that change nothing on one machine, and why. */
const withoutLocalEffect: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'lets API Gateway write to CloudWatch; local logs go to the terminal',
  'AWS::ApiGateway::VpcLink': 'a private upstream is reached directly',
  'AWS::ApiGatewayV2::VpcLink': 'a private upstream is reached directly',
  'AWS::ApplicationAutoScaling::ScalableTarget': 'environments are started as they are needed',
  'AWS::ApplicationAutoScaling::ScalingPolicy': 'environments are started as they are needed',
  'AWS::CDK::Metadata': 'tells AWS which constructs are in use',
  'AWS::CloudWatch::Alarm': 'no metrics are collected locally',
  'AWS::CloudWatch::CompositeAlarm': 'no metrics are collected locally',
  'AWS::CloudWatch::Dashboard': 'no metrics are collected locally',
  'AWS::EC2::SecurityGroup': 'the network is that of the machine',
  'AWS::IAM::ManagedPolicy': 'the embedded AWS endpoints do not authorize',
  'AWS::IAM::Policy': 'the embedded AWS endpoints do not authorize',
  'AWS::IAM::Role': 'the embedded AWS endpoints do not authorize',
  'AWS::KMS::Alias': 'nothing is encrypted locally',
  'AWS::KMS::Key': 'nothing is encrypted locally',
  'AWS::Logs::LogGroup': 'local logs go to the terminal',
  'AWS::Logs::MetricFilter': 'no metrics are collected locally',
  'AWS::Logs::QueryDefinition': 'local logs go to the terminal',
  'AWS::SecretsManager::ResourcePolicy': 'the embedded AWS endpoints do not authorize',
  'AWS::SecretsManager::RotationSchedule': 'nobody rotates the secret of the machine',
};

/** Whether a resource of this type changes nothing on one machine. */
export function isIgnoredLocally(type: string): boolean {
  return Object.hasOwn(withoutLocalEffect, type);
}

/**
 * Checks that each resource of the template is imitated by somebody or known to have no local effect.
 *
 * @param claimed the types that the parts of local mode imitate
 * @throws NotUnderstoodError naming every resource of another type
 */
export function rejectUnclaimedTypes(template: ResolvedTemplate, claimed: readonly string[]): void {
  const unclaimed = template.resources.filter(
    ({ type }) => !claimed.includes(type) && !isIgnoredLocally(type),
  );
  if (unclaimed.length === 0) return;
  const names = unclaimed.map(({ logicalId, type }) => `${logicalId} (${type})`);
  throw new UnsupportedTemplateError(`local mode does not imitate ${names.join(', ')}`);
}
