import type { ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmWindow } from './alarm-window';

/** Options of one of the alarms. */
export interface AlarmOptions {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly description: string;
  /** Section of the runbook. */
  readonly section: string;
  readonly window: AlarmWindow;
  readonly comparison?: ComparisonOperator;
  readonly missing?: TreatMissingData;
}
