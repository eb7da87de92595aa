import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { Fault } from '../../../lambda/core/errors';
import { createTelemetry } from '../../../lambda/io/telemetry/telemetry';
import { SavedQueries } from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { only, synthesize, synthesizeConstructs } from '../../support/synthesize';

const QUERY = 'AWS::Logs::QueryDefinition';

const template = synthesizeConstructs((stack) => {
  new SavedQueries(stack, 'Queries', { authorizerFunction: addAuthorizerFunction(stack) });
});
const queries = Object.values(template.findResources(QUERY)).map(({ Properties }) => Properties);

/** Returns one log line of each kind that the authorizer writes. */
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
  const request = { context, apiRequestId: 'api-request', method: 'GET', route: '/orders' };
  telemetry.countTokenCacheOperation();
  telemetry.logTokenCacheFault('read', new Error('down'));
  const facts = { jwt: 'x', claims: { sub: 'alice', clientId: 'app' } } as never;
  telemetry.configure({ introspectionHost: 'login.example.com', logIdentities: true });
  telemetry.recordIntrospectionLatency(12);
  telemetry.logDecision(
    request,
    { outcome: 'forbidden', reason: 'insufficient_scope', requiredScopes: [], facts },
    'introspection',
  );
  telemetry.logFault(
    request,
    new Fault('introspection_unavailable', 'busy', { status: 503, cause: new Error('busy') }),
  );
  for (const later of [0, 1, 100]) {
    now.epochSeconds = later;
    telemetry.logTokenCacheFault('read', new Error('down'));
  }
  return lines.map((line) => JSON.parse(line));
}

describe('SavedQueries', () => {
  it('saved queries are in a folder with the name of the function by default', () => {
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
      'Orders/Denials by route',
      'Orders/Slow introspections',
      'Orders/Token cache faults',
      'Orders/Token cache faults by cause',
      'Orders/One request',
    ]);
  });

  it('saved queries read the log group of the function', () => {
    const [logs] = only(template, 'AWS::Logs::LogGroup');

    template.allResourcesProperties(QUERY, { LogGroupNames: [{ Ref: logs }] });
  });

  it('saved queries use only fields that the log contains', () => {
    // Lambda's own lines have a type.
    const fields = new Set(['type', ...logLines().flatMap((line) => Object.keys(line))]);
    const latency = logLines().map(({ IntrospectionLatency }) => IntrospectionLatency);
    const queried = queries.flatMap(({ QueryString }) => fieldsOf(QueryString));

    expect(queried.length).toBeGreaterThan(15);
    expect(queried.filter((field) => !fields.has(field))).toEqual([]);
    // The latency is a list, so the queries read its first element.
    expect(latency).toContainEqual([12]);
  });

  it('saved queries filter by messages that the log contains', () => {
    const messages = logLines().map(({ message }) => message);
    const [[, message] = []] = queries.flatMap(({ QueryString }) => [
      ...QueryString.matchAll(/message = "(\w+)"/g),
    ]);

    expect(messages).toContain(message);
  });
});

describe('SavedQueries with an access log', () => {
  const { template } = synthesize({ operations: { dashboard: true } });
  const { template: http } = synthesize({ api: { type: 'HTTP' }, operations: { dashboard: true } });
  const NAMES = ['ResponsesbyStatus', 'Sourcesof401', 'Slowintegrations'];

  it('saved queries use only fields that the access log of a REST or HTTP API contains', () => {
    const rest = only(template, 'AWS::ApiGateway::Stage')[1]['AccessLogSetting'];
    const ofHttp = only(http, 'AWS::ApiGatewayV2::Stage')[1]['AccessLogSettings'];
    const fields = [rest, ofHttp].flatMap((setting) =>
      Object.keys(JSON.parse((setting as { Format: string }).Format)),
    );
    const queried = Object.entries(template.findResources(QUERY)).flatMap(([id, { Properties }]) =>
      NAMES.some((name) => id.toLowerCase().includes(name.toLowerCase()))
        ? fieldsOf(Properties.QueryString)
        : [],
    );

    expect(queried.length).toBeGreaterThan(8);
    expect(queried.filter((field) => !fields.includes(field))).toEqual([]);
  });
});

/** Returns the log fields of a query, without built-in fields, functions and aliases. */
function fieldsOf(query: string): string[] {
  const aliases = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  const words = query
    .replace(/"[^"]*"/g, '')
    .replace(/\/[^/]*\//g, '')
    .replace(/ as \w+/g, '')
    .replace(/@\w+/g, '')
    .replace(/bin\(\w+\)/g, '')

    .replaceAll('.0', '')
    .match(/\b[a-z_]+\b(?!\()/gi);
  const grammar = [
    'fields',
    'filter',
    'stats',
    'sort',
    'limit',
    'by',
    'desc',
    'asc',
    'in',
    'like',
    'not',
  ];
  return [...new Set(words)].filter((word) => !grammar.includes(word) && !aliases.includes(word));
}
