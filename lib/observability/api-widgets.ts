import { Duration } from 'aws-cdk-lib';
import {
  GraphWidget,
  type GraphWidgetProps,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { COUNT, MILLISECONDS } from './authorizer-graphs';
import type { IMonitoredApi } from './monitored-api';

/** Returns the graph of an API's responses by class. API Gateway has no metric of 429. */
function responses(api: IMonitoredApi): GraphWidgetProps {
  return {
    title: `Responses of ${api.node.id}`,
    left: [
      api.metricCount({ label: 'requests' }),
      api.metricClientError({ statistic: 'Sum', label: '4xx (includes 429)' }),
      api.metricServerError({ statistic: 'Sum', label: '5xx' }),
    ],
    ...COUNT,
  };
}

/** Returns the graph of an API's latency, and of the share of the upstream API. */
function latency(api: IMonitoredApi): GraphWidgetProps {
  return {
    title: `Latency of ${api.node.id}`,
    left: ['p50', 'p99'].flatMap((statistic) => [
      api.metricLatency({ statistic, label: `${statistic} total` }),
      api.metricIntegrationLatency({ statistic, label: `${statistic} upstream` }),
    ]),
    ...MILLISECONDS,
  };
}

/**
 * Returns the widgets of an API in one row.
 *
 * @param accessLogs log group of its access log, which tells 429 from other statuses.
 * @param width width of the row, in columns.
 */
export function apiWidgets(
  api: IMonitoredApi,
  accessLogs: ILogGroup | undefined,
  width: number,
): readonly IWidget[] {
  const graphs = [responses(api), latency(api)];
  const share = width / (accessLogs ? 3 : 2);
  return [
    ...graphs.map(
      (graph) => new GraphWidget({ ...graph, period: Duration.minutes(5), width: share }),
    ),
    ...(accessLogs ? [throttledRequests(api, accessLogs, share)] : []),
  ];
}

function throttledRequests(api: IMonitoredApi, accessLogs: ILogGroup, width: number): IWidget {
  return new LogQueryWidget({
    title: `Throttled requests of ${api.node.id} (429)`,
    logGroupNames: [accessLogs.logGroupName],
    view: LogQueryVisualizationType.LINE,
    queryLines: ['filter status like /^429$/', 'stats count(*) as throttled by bin(5m)'],
    width,
  });
}
