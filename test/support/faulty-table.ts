import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStubServer } from './stub-server';

/** The table itself answers, or has been answered for. */
type Outcome = 'forward' | undefined;

/** Decision about an operation on the table by its name, with the means to respond to it, and by its input as JSON. */
export type Fault = (
  operation: string,
  response: ServerResponse,
  input: string,
) => Outcome | Promise<Outcome>;

/** Proxy in front of DynamoDB that fails as it is told. */
export async function startFaultyTable(tableUrl: string) {
  let fault: Fault = () => 'forward';
  let answered = 0;
  let isClosed = false;
  const operations: string[] = [];
  const server = await startStubServer('/', async (response, { headers, body }) => {
    const operation = String(headers['x-amz-target']).replace(/^.*\./, '');
    operations.push(operation);
    if ((await fault(operation, response, body)) !== 'forward') return;
    const { host, 'content-length': _, connection, ...rest } = headers;
    const forward = () =>
      fetch(tableUrl, { method: 'POST', headers: rest as Record<string, string>, body });
    // A connection that the table closes while it is idle can take one more request.
    const answer = await forward()
      .catch(forward)
      .catch((error) => {
        // A late operation of a test that has ended.
        if (!isClosed) throw error;
      });
    if (answer === undefined) return;
    answered += 1;
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  return {
    url: server.url.href,
    /** Names of the operations that were asked for. */
    operations,
    pending: server.pending,
    /** How many operations the table itself answered. */
    answered: () => answered,
    failWith(next: Fault) {
      fault = next;
    },
    close() {
      isClosed = true;
      return server.close();
    },
  };
}

/** An error as DynamoDB answers it. */
export function awsError(name: string, status = 400): Fault {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}` }));
    return undefined;
  };
}

/** Forwards the operations whose name or input matches, late. */
export function slow(ms: number, which: RegExp = /./): Fault {
  return async (operation, _, input): Promise<Outcome> => {
    if (which.test(`${operation} ${input}`)) await sleep(ms);
    return 'forward';
  };
}
