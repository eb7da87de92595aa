import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { Fault } from '../../../lambda/core/errors';
import { createTelemetry } from '../../../lambda/io/telemetry';
import { SavedQueries } from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { only, synthesizeConstructs } from '../../support/synthesize';

const QUERY = 'AWS::Logs::QueryDefinition';

const template = synthesizeConstructs((stack) => {
  new SavedQueries(stack, 'Queries', { authorizerFunction: addAuthorizerFunction(stack) });
});
const queries = Object.values(template.findResources(QUERY)).map(({ Properties }) => Properties);

/** The lines that the authorizer logs: one of each kind, as Lambda gets them. */
function logLines(): Record<string, unknown>[] {
  const lines: string[] = [];
  const logger = new Logger({ serviceName: 'authorizer' });
  const write = (line: string) => void lines.push(line);
  const now = { epochSeconds: 0 };
  Object.assign(logger, { console: { info: write, warn: write, error: write } });
  const telemetry = createTelemetry({
    logger,
    functionName: 'authorizer',
    now: () => now.epochSeconds,
  });
  const context = { awsRequestId: 'function-request' } as Context;
  const request = { context, apiRequestId: 'api-request' };
  const facts = { jwt: 'x', claims: { sub: 'alice', clientId: 'app' } } as never;
  telemetry.configure({ introspectionHost: 'login.example.com', logIdentities: true });
  telemetry.introspected(12);
  telemetry.decided(
    request,
    { outcome: 'forbidden', reason: 'insufficient_scope', facts },
    'introspection',
  );
  telemetry.failed(
    request,
    new Fault('introspection_unavailable', 'busy', { status: 503, cause: new Error('busy') }),
  );
  for (const later of [0, 1, 100]) {
    now.epochSeconds = later;
    telemetry.tokenCacheFailed('read', new Error('down'));
  }
  return lines.map((line) => JSON.parse(line));
}

describe('the saved queries', () => {
  it('stand in a folder that is named after the function, unless another is wanted', () => {
    const [handler] = only(template, 'AWS::Lambda::Function');
    const named = synthesizeConstructs((stack) => {
      const authorizerFunction = addAuthorizerFunction(stack);
      new SavedQueries(stack, 'Queries', { authorizerFunction, folder: 'Orders' });
    });
    const names = Object.values(named.findResources(QUERY)).map((it) => it['Properties'].Name);

    expect(queries.map(({ Name }) => Name['Fn::Join'][1][0])).toEqual(
      queries.map(() => ({ Ref: handler })),
    );
    expect(names).toEqual([
      'Orders/Faults by code',
      'Orders/Denials by reason',
      'Orders/Slow introspections',
      'Orders/Token cache faults',
      'Orders/One request',
    ]);
  });

  it('ask the log group of the function', () => {
    const [logs] = only(template, 'AWS::Logs::LogGroup');

    template.allResourcesProperties(QUERY, { LogGroupNames: [{ Ref: logs }] });
  });

  it('know nothing but fields that the log has', () => {
    const fields = new Set(logLines().flatMap((line) => Object.keys(line)));
    const latency = logLines().map(({ IntrospectionLatency }) => IntrospectionLatency);
    const asked = queries.flatMap(({ QueryString }) => fieldsOf(QueryString));

    expect(asked.length).toBeGreaterThan(15);
    expect(asked.filter((field) => !fields.has(field))).toEqual([]);
    // Which is why they ask for its first value.
    expect(latency).toContainEqual([12]);
  });

  it('look for messages that the log has', () => {
    const messages = logLines().map(({ message }) => message);
    const [[, message] = []] = queries.flatMap(({ QueryString }) => [
      ...QueryString.matchAll(/message = "(\w+)"/g),
    ]);

    expect(messages).toContain(message);
  });
});

/** The fields of a query, without what Logs Insights knows itself, functions and names it gives. */
function fieldsOf(query: string): string[] {
  const given = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  const words = query
    .replace(/"[^"]*"/g, '')
    .replace(/ as \w+/g, '')
    .replace(/@\w+/g, '')
    .replace(/bin\(\w+\)/g, '')

    .replaceAll('.0', '')
    .match(/\b[a-z_]+\b(?!\()/gi);
  const grammar = ['fields', 'filter', 'stats', 'sort', 'limit', 'by', 'desc', 'asc', 'in'];
  return [...new Set(words)].filter((word) => !grammar.includes(word) && !given.includes(word));
}
