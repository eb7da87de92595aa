import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import { createLogger, type Level } from '../../../../lambda/io/telemetry/logger';
import { captureOutput } from '../../../support/output';

const LEVELS: readonly Level[] = ['info', 'warn', 'error', 'critical'];
const TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
const FIELDS = {
  ...{
    text: 'é "quoted"',
    number: 0,
    no: false,
    list: [1, 'two'],
    nested: { empty: '', none: null },
  },
  ...{ empty: '', none: null, missing: undefined },
};

let output: ReturnType<typeof captureOutput>;
const before = { ...process.env };
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => {
  output.stop();
  process.env = { ...before };
});

/** Returns the lines that Powertools writes in an environment, one of each level, without their times. */
function linesOfPowertools(environment: Record<string, string>) {
  process.env = { ...before, ...environment };
  const logger = new Powertools();
  logger.appendPersistentKeys({ introspection_host: 'login.example.com' });
  output.clear();
  for (const level of LEVELS) logger[level]('decided', FIELDS);
  // It samples, which we do not.
  return output.lines().map(({ timestamp: _, sampling_rate: __, ...line }) => line);
}

/** Returns the same of our logger. */
function ourLines(environment: Record<string, string>) {
  const lines: string[] = [];
  const logger = createLogger({ environment, write: (line) => lines.push(line) });
  logger.addFields({ introspection_host: 'login.example.com' });
  for (const level of LEVELS) logger.log(level, 'decided', FIELDS);
  return lines.map((line) => {
    const { timestamp: _, ...rest } = JSON.parse(line);
    return rest;
  });
}

describe('the logger', () => {
  it.each([
    ['without variables', {}],
    ['with a service and a trace', { POWERTOOLS_SERVICE_NAME: 'a', _X_AMZN_TRACE_ID: TRACE }],
    ['with a trace without a root', { _X_AMZN_TRACE_ID: 'Parent=1;Sampled=0' }],
    ['at the level of Lambda', { AWS_LAMBDA_LOG_LEVEL: 'WARN', POWERTOOLS_LOG_LEVEL: 'INFO' }],
    ['at the level FATAL of Lambda', { AWS_LAMBDA_LOG_LEVEL: 'FATAL' }],
    ['at the level of Powertools', { POWERTOOLS_LOG_LEVEL: 'ERROR', LOG_LEVEL: 'INFO' }],
    ['at LOG_LEVEL', { LOG_LEVEL: 'WARN' }],
    ['at a level below info', { LOG_LEVEL: 'DEBUG' }],
    ['at the level SILENT', { POWERTOOLS_LOG_LEVEL: 'SILENT' }],
    ['at an unknown level', { POWERTOOLS_LOG_LEVEL: 'LOUD' }],
  ])('writes the lines of Powertools %s', (_, environment) => {
    expect(ourLines(environment)).toEqual(linesOfPowertools(environment));
  });

  it('writes the time of each line in UTC', () => {
    const lines: string[] = [];
    const started = Date.now();
    createLogger({ environment: {}, write: (line) => lines.push(line) }).log('info', 'now', {});

    const { timestamp } = JSON.parse(lines[0] ?? '');
    expect(timestamp).toBe(new Date(timestamp).toISOString());
    expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(started);
    expect(Date.parse(timestamp)).toBeLessThanOrEqual(Date.now());
  });

  it('prints lines one by one, and not by the console that Lambda replaces', () => {
    const replaced = jest.spyOn(console, 'info').mockImplementation(() => undefined);
    const logger = createLogger({ environment: {} });
    logger.log('info', 'one', {});
    logger.log('error', 'two', {});

    expect(replaced).not.toHaveBeenCalled();
    expect(output.text().split('\n')).toHaveLength(3);
    expect(output.lines()).toMatchObject([{ message: 'one' }, { message: 'two', level: 'ERROR' }]);
  });

  it('takes the trace of the invocation that runs from the store of concurrent invocations', () => {
    const store = { InvokeStore: { getXRayTraceId: () => 'Root=1-2-3' } };
    Object.assign(globalThis, { awslambda: store });
    try {
      expect(ourLines({ _X_AMZN_TRACE_ID: TRACE })[0]).toHaveProperty('xray_trace_id', '1-2-3');
    } finally {
      Reflect.deleteProperty(globalThis, 'awslambda');
    }
  });
});
