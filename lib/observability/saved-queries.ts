import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Metric } from '../../lambda/contract';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';

/** Props of the saved queries. */
export interface SavedQueriesProps {
  /** Authorizer function whose log is queried. */
  readonly authorizerFunction: AuthorizerFunction;

  /**
   * Log group of the access log of an API of this package.
   *
   * @default - the access log is not queried
   */
  readonly accessLogs?: ILogGroup;

  /**
   * Folder of the queries in the console.
   *
   * @default - the name of the function
   */
  readonly folder?: string;
}

/** Field of the introspection latency. The log holds a list of values, usually with one element. */
const LATENCY = `${Metric.introspectionLatency}.0`;

/** Queries by name. Their fields are those of the authorizer's log. */
const FUNCTION_QUERIES = {
  'Faults by code': new QueryString({
    filterStatements: ['ispresent(code)'],
    statsStatements: [
      'count(*) as requests, latest(@timestamp) as last, latest(cause) as last_cause, latest(advice) as last_advice by code, status',
    ],
    sort: 'requests desc',
  }),
  'Denials by reason': new QueryString({
    filterStatements: ['outcome in ["unauthorized", "forbidden"]'],
    statsStatements: ['count(*) as requests by outcome, reason, client_id'],
    sort: 'requests desc',
  }),
  'Denials by route': new QueryString({
    filterStatements: ['outcome in ["unauthorized", "forbidden"]'],
    statsStatements: ['count(*) as requests by method, route, reason'],
    sort: 'requests desc',
  }),
  'Slow introspections': new QueryString({
    fields: ['@timestamp', `${LATENCY} as ms`, 'outcome', 'code', 'status', 'api_request_id'],
    filterStatements: [`ispresent(${LATENCY})`],
    sort: 'ms desc',
    limit: 50,
  }),
  // The metric counts every fault of a burst. Lines of causes are logged once in a burst.
  'Token cache faults': new QueryString({
    filterStatements: [`ispresent(${Metric.tokenCacheOperations})`],
    statsStatements: [
      `sum(${Metric.tokenCacheFaults}) as faults, sum(${Metric.tokenCacheOperations}) as operations by bin(5m)`,
    ],
  }),
  'Token cache faults by cause': new QueryString({
    filterStatements: ['message = "token_cache_failed"'],
    statsStatements: ['count(*) as bursts, latest(@timestamp) as last by operation, cause'],
    sort: 'bursts desc',
  }),
  // Lambda's own lines name the request of the function only, so the query takes either ID.
  'One request': new QueryString({
    fields: [
      ...['@timestamp', 'message', 'type', 'method', 'route', 'outcome', 'source', 'reason'],
      ...['code', 'cause', 'operation', 'client_id', 'api_request_id', 'function_request_id'],
      '@message',
    ],
    filterStatements: ['strcontains(@message, "api_request_id or function_request_id")'],
    sort: '@timestamp asc',
  }),
};

/** Queries by name. Their fields are those of the access log. */
const ACCESS_LOG_QUERIES = {
  'Responses by status': new QueryString({
    statsStatements: [
      'count(*) as requests, latest(authorizerError) as last_authorizer_error by status, coalesce(errorType, errorMessage) as error',
    ],
    sort: 'requests desc',
  }),
  'Sources of 401': new QueryString({
    filterStatements: ['status like /^401$/'],
    statsStatements: ['count(*) as requests by sourceIp'],
    sort: 'requests desc',
    limit: 20,
  }),
  'Slow integrations': new QueryString({
    fields: [
      ...['@timestamp', 'integrationLatency * 1 as ms', 'responseLatency', 'method', 'resource'],
      ...['status', 'integrationStatus', 'requestId'],
    ],
    filterStatements: ['ispresent(integrationLatency)', 'integrationLatency not like /-/'],
    sort: 'ms desc',
    limit: 50,
  }),
};

/**
 * Saved queries of CloudWatch Logs Insights for on-call engineers: faults, denials, slow introspections,
 * token cache faults, all log lines of one request, and the access log by status, source and latency.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html
 */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, props: SavedQueriesProps) {
    super(scope, id);
    const { authorizerFunction, accessLogs } = props;
    this.save(props, FUNCTION_QUERIES, authorizerFunction.logGroup);
    if (accessLogs) this.save(props, ACCESS_LOG_QUERIES, accessLogs);
  }

  private save(
    {
      authorizerFunction,
      folder = authorizerFunction.lambdaFunction.functionName,
    }: SavedQueriesProps,
    queries: Readonly<Record<string, QueryString>>,
    logGroup: ILogGroup,
  ): void {
    for (const [name, queryString] of Object.entries(queries)) {
      new QueryDefinition(this, name.replaceAll(' ', ''), {
        queryDefinitionName: `${folder}/${name}`,
        queryString,
        logGroups: [logGroup],
      });
    }
  }
}
