/** Rules of scanners that are about the same property of a resource, with the reason why it is as it is. */
export interface ScannerRules {
  /** Reason that holds for every deployment. */
  readonly reason: string;
  /** Type of the resources that the rules are about, where they differ from the suppressed construct. */
  readonly resourceType?: string;
  /** Rule of cdk-nag's pack AwsSolutions. */
  readonly solutions?: string;
  /** Rules of cdk-nag's packs of standards, without the name of the pack. */
  readonly standards?: readonly string[];
  /** Rules of checkov. */
  readonly checkov?: readonly string[];
  /** Rules of the AWS Guard rules registry, for cfn-guard. */
  readonly guard?: readonly string[];
  /** Rules of cfn-lint. */
  readonly lint?: readonly string[];
}

/** Packs of standards in cdk-nag. @see https://github.com/cdklabs/cdk-nag/blob/main/RULES.md */
export const STANDARD_PACKS = [
  'HIPAA.Security',
  'NIST.800.53.R4',
  'NIST.800.53.R5',
  'PCI.DSS.321',
] as const;

/**
 * Rules that resources of this package break on purpose. A rule is missing here if the config can satisfy it,
 * or if its reason does not hold for everyone.
 *
 * @see https://github.com/cdklabs/cdk-nag/blob/main/RULES.md
 * @see https://www.checkov.io/5.Policy%20Index/cloudformation.html
 * @see https://github.com/aws-cloudformation/aws-guard-rules-registry
 * @see https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md
 */
export const SCANNER_RULES = {
  requestValidation: {
    reason: 'The upstream API validates requests; API Gateway has no models of them.',
    solutions: 'APIG2',
  },
  webAcl: {
    reason:
      'The rules of a web ACL depend on the upstream API, and each request costs money. Operators associate one with the stage if they need it.',
    solutions: 'APIG3',
  },
  publicRoute: {
    reason: 'The route is public on purpose: metadata, or a route that is declared public.',
    solutions: 'APIG4',
  },
  executionLogs: {
    reason:
      'Execution logs contain the output of the authorizer, including phantom tokens. Access logs record the client and the status of each request.',
    solutions: 'APIG6',
    standards: ['APIGWExecutionLoggingEnabled'],
    guard: ['API_GW_EXECUTION_LOGGING_ENABLED'],
  },
  stageCache: {
    reason:
      'A cache of the stage could return the response for one caller to another. The caches of tokens are those of the authorizer.',
    standards: ['APIGWCacheEnabledAndEncrypted'],
    checkov: ['CKV_AWS_120'],
    guard: ['API_GW_CACHE_ENABLED_AND_ENCRYPTED'],
  },
  lambdaAuthorizer: {
    reason:
      'Cognito authorizers verify JWTs of Cognito. These access tokens are opaque, and a Lambda authorizer introspects them.',
    solutions: 'COG4',
  },
  cacheBackup: {
    reason: 'The table is a cache; its contents are short-lived and can be recreated.',
    resourceType: 'AWS::DynamoDB::Table',
    solutions: 'DDB3',
    standards: ['DynamoDBPITREnabled', 'DynamoDBInBackupPlan'],
    checkov: ['CKV_AWS_28'],
    guard: ['DYNAMODB_PITR_ENABLED', 'DYNAMODB_IN_BACKUP_PLAN'],
  },
  gatewayLogsPolicy: {
    reason:
      'API Gateway requires this managed policy on the role with which it writes logs for the account.',
    solutions: 'IAM4',
  },
  wildcardResource: {
    reason:
      'Traces have no resource ARN. The ARNs of network interfaces in a VPC are unknown before Lambda creates them; the code of the function is denied these actions.',
    resourceType: 'AWS::IAM::Policy',
    solutions: 'IAM5',
    checkov: ['CKV_AWS_111'],
  },
  inlinePolicy: {
    reason: 'The policy is of this role alone, and is deleted together with it.',
    resourceType: 'AWS::IAM::Policy',
    standards: ['IAMNoInlinePolicy'],
    guard: ['IAM_NO_INLINE_POLICY_CHECK'],
  },
  secretRotation: {
    reason:
      'A rotation has to change the credentials at the authorization server, which requires a rotation function of the operator (see addRotationSchedule).',
    resourceType: 'AWS::SecretsManager::Secret',
    solutions: 'SMG4',
    standards: ['SecretsManagerRotationEnabled'],
    guard: ['SECRETSMANAGER_ROTATION_ENABLED_CHECK'],
  },
  deadLetterQueue: {
    reason:
      'API Gateway invokes the function synchronously. Lambda sends only events of asynchronous invocations to a dead-letter queue.',
    resourceType: 'AWS::Lambda::Function',
    standards: ['LambdaDLQ'],
    checkov: ['CKV_AWS_116'],
    guard: ['LAMBDA_DLQ_CHECK'],
    // The CDK writes dependencies on the role and on its policy.
    lint: ['W3005'],
  },
  composedAlarm: {
    reason: 'The outage alarm, which is composed of this alarm, has the actions.',
    standards: ['CloudWatchAlarmAction'],
    guard: ['CLOUDWATCH_ALARM_ACTION_CHECK'],
  },
} as const satisfies Readonly<Record<string, ScannerRules>>;

export type Concern = keyof typeof SCANNER_RULES;
