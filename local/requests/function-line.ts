import { z } from 'zod';
import { WIDTH, wrap } from '../../terminal/wrap';
import { parseLine, readAuthorizerLogLine } from './authorizer-log';

/** Line of a function of this project that is not about a request, such as a failure to start. */
const lineSchema = z.object({
  level: z.string(),
  message: z.string(),
  advice: z.string().optional().catch(undefined),
  cause: z.string().optional().catch(undefined),
  introspection_host: z.string().optional(),
  _aws: z
    .object({ CloudWatchMetrics: z.array(z.object({ Namespace: z.string() })) })
    .optional()
    .catch(undefined),
});

/** Error of an authorizer that local mode's runtime logs, and that API Gateway expects. */
const EXPECTED_ERROR = /^ERROR (?:Invoke|Init) Error (.*)$/;

/**
 * Returns a line that a function printed as it is read by developers; `undefined` if the line of the request has it, or
 * if it has metrics only. Lines of other functions stay as they are.
 */
export function readFunctionLine(line: string): string | undefined {
  if (readAuthorizerLogLine(line) !== undefined || isExpectedError(line)) return undefined;
  const { data } = lineSchema.safeParse(parseLine(line));
  if (data === undefined || !isOurs(data)) return line;
  if (data.level === 'INFO') return undefined;
  const label = data.level === 'WARN' ? 'warning' : 'error';
  const [first = '', ...further] = [data.message, data.cause, data.advice].filter(
    (it) => it !== undefined,
  );
  const texts = [`${label}: ${first}`, ...further];
  return texts
    .flatMap((text, index) => wrap(index === 0 ? text : `  ${text}`, WIDTH, '  '))
    .join('\n');
}

/** Returns whether a line is of a function of this project, by the field or the metrics that others lack. */
function isOurs({ introspection_host: host, _aws }: z.infer<typeof lineSchema>): boolean {
  const namespaces = _aws?.CloudWatchMetrics.map(({ Namespace }) => Namespace) ?? [];
  return host !== undefined || namespaces.includes('PhantomTokenAuthorizer');
}

/** Returns whether an error is a denial, or a fault that has been logged. */
function isExpectedError(line: string): boolean {
  const [, json] = EXPECTED_ERROR.exec(line) ?? [];
  const error = z
    .object({ errorType: z.string(), errorMessage: z.string() })
    .safeParse(json && parseLine(json)).data;
  return error?.errorMessage === 'Unauthorized' || error?.errorType === 'Fault';
}
