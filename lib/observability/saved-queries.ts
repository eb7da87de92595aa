import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Metric } from '../../lambda/contract';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';

/** Props of the saved queries. */
export interface SavedQueriesProps {
  /** Authorizer function whose log is queried. */
  readonly authorizerFunction: AuthorizerFunction;

  /**
   * Folder of the queries in the console.
   *
   * @default - the name of the function
   */
  readonly folder?: string;
}

/** Field of the introspection latency. The log holds a list of values, usually with one element. */
const LATENCY = `${Metric.introspectionLatency}.0`;

/** Saved queries by name. Their fields are those of the authorizer's log. */
const QUERIES = {
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
  'Slow introspections': new QueryString({
    fields: ['@timestamp', `${LATENCY} as ms`, 'outcome', 'code', 'status', 'api_request_id'],
    filterStatements: [`ispresent(${LATENCY})`],
    sort: 'ms desc',
    limit: 50,
  }),
  'Token cache faults': new QueryString({
    filterStatements: ['message = "token_cache_failed"'],
    statsStatements: [
      'count(*) as logged, sum(suppressed_count) as suppressed by operation, cause, bin(5m)',
    ],
    sort: 'logged desc',
  }),
  'One request': new QueryString({
    fields: ['@timestamp', 'message', 'outcome', 'source', 'reason', 'code', 'cause', 'client_id'],
    filterStatements: ['api_request_id = "request id from the access log"'],
    sort: '@timestamp asc',
  }),
};

/**
 * Saved queries of CloudWatch Logs Insights for on-call engineers: faults by code, denials by reason,
 * slow introspections, token cache faults, and all log lines of one request.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html
 */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, props: SavedQueriesProps) {
    super(scope, id);
    const { authorizerFunction, folder = authorizerFunction.lambdaFunction.functionName } = props;
    for (const [name, queryString] of Object.entries(QUERIES)) {
      new QueryDefinition(this, name.replaceAll(' ', ''), {
        queryDefinitionName: `${folder}/${name}`,
        queryString,
        logGroups: [authorizerFunction.logGroup],
      });
    }
  }
}
