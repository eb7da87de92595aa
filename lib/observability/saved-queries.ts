import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Metric } from '../../lambda/contract';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';

/** Whose log is queried, and where the queries are found. */
export interface SavedQueriesProps {
  /** The authorizer function whose log is queried. */
  readonly authorizerFunction: AuthorizerFunction;

  /**
   * The folder that the queries stand in, in the console.
   *
   * @default - the name of the function
   */
  readonly folder?: string;
}

/** The latency stands in the log as the metric's values, of which a line mostly has one. */
const LATENCY = `${Metric.introspectionLatency}.0`;

/** What stands behind each saved query, by its name. The fields are those of the authorizer's log. */
const QUERIES = {
  'Faults by code': new QueryString({
    filterStatements: ['ispresent(code)'],
    statsStatements: [
      'count(*) as requests, latest(@timestamp) as last, latest(cause) as last_cause, latest(advice) as what_to_do by code, status',
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
      'count(*) as told, sum(untold_failures) as untold by operation, cause, bin(5m)',
    ],
    sort: 'told desc',
  }),
  'One request': new QueryString({
    fields: ['@timestamp', 'message', 'outcome', 'source', 'reason', 'code', 'cause', 'client_id'],
    filterStatements: ['api_request_id = "put the request id of the access log here"'],
    sort: '@timestamp asc',
  }),
};

/**
 * Queries of CloudWatch Logs Insights, saved where one finds them at night: faults by code, denials by
 * reason, slow introspections, faults of the token cache, and everything about one request.
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
