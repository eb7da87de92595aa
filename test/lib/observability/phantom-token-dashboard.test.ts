import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  PhantomTokenAlarms,
  PhantomTokenDashboard,
  type PhantomTokenDashboardProps,
} from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { only, synthesizeConstructs } from '../../support/synthesize';

const DASHBOARD = 'AWS::CloudWatch::Dashboard';
const FUNCTION = 'AWS::Lambda::Function';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly properties: {
    readonly title: string;
    readonly metrics?: readonly unknown[][];
    readonly alarms?: readonly string[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
  };
}
type Parts = (
  stack: Stack,
  props: PhantomTokenDashboardProps,
) => Partial<PhantomTokenDashboardProps>;

function synthesizeWith(parts: Parts = () => ({})): Template {
  return synthesizeConstructs((stack) => {
    const props = { authorizerFunction: addAuthorizerFunction(stack) };
    new PhantomTokenDashboard(stack, 'Dashboard', { ...props, ...parts(stack, props) });
  });
}

/** Returns the widgets, with `«id»` for each reference to a resource. */
function widgetsOf(template: Template): readonly Widget[] {
  const [, { DashboardBody }] = only(template, DASHBOARD);
  const { 'Fn::Join': join } = DashboardBody as { 'Fn::Join': [string, unknown[]] };
  const text = join[1]
    .map((part) =>
      typeof part === 'string' ? part : `«${Object.values(part as object).flat()[0]}»`,
    )
    .join('');
  return JSON.parse(text).widgets;
}
const titlesOf = (widgets: readonly Widget[]) => widgets.map(({ properties }) => properties.title);
const metricsOf = (widgets: readonly Widget[], title: string) =>
  widgets.find(({ properties }) => properties.title === title)?.properties.metrics ?? [];

describe('PhantomTokenDashboard', () => {
  const template = synthesizeWith();
  const widgets = widgetsOf(template);
  const [handler] = only(template, FUNCTION);

  it('the dashboard shows the graphs in a fixed order', () => {
    expect(titlesOf(widgets)).toEqual([
      undefined,
      'Requests by outcome',
      'Error rate',
      'Introspection latency',
      'Faults by code',
      'Hit ratio by cache',
      'Cold starts and invocation duration',
      'Concurrency and throttles',
      'Token cache faults and credential rereads',
      'Age of the secret and days to expiry',
    ]);
  });

  it('the dashboard fills each row without overlapping widgets', () => {
    const cells = widgets.flatMap(({ x, y, width }) =>
      Array.from({ length: width }, (_, column) => `${y} ${x + column}`),
    );

    expect(new Set(cells).size).toBe(cells.length);
    expect(cells.length % 24).toBe(0);
  });

  it('the dashboard shows every outcome, memory hits, faults, crashes and throttles', () => {
    const shown = metricsOf(widgets, 'Requests by outcome').filter(
      (metric) => (metric.at(-1) as { visible?: boolean }).visible !== false,
    );
    const names = shown.map((metric) => {
      const [, name, , , , outcome] = metric.filter((part) => typeof part === 'string');
      return outcome ?? name ?? (metric[0] as { label: string }).label;
    });

    expect(names.sort()).toEqual([
      'Faults',
      'Throttles',
      'allow',
      'allowed (memory cache)',
      'crashed or timed out',
      'forbidden',
      'unauthorized',
    ]);
  });

  it('the dashboard shows the percentiles of the introspection latency and the timeout', () => {
    const latency = widgets.find(({ properties }) => properties.title === 'Introspection latency');

    expect(
      latency?.properties.metrics?.map((metric) => (metric.at(-1) as { stat: string }).stat),
    ).toEqual(['p50', 'p90', 'p99', 'Maximum', 'Sum']);
    expect(latency?.properties.annotations?.horizontal).toMatchObject([{ value: 3000 }]);
  });

  it('the dashboard shows the faults of every code', () => {
    const [[search] = []] = metricsOf(widgets, 'Faults by code');

    expect(search).toEqual({
      expression: `SEARCH('{"PhantomTokenAuthorizer","function_name","code"} MetricName="Faults" function_name="«${handler}»"', 'Sum', 300)`,
      label: `\${PROP('Dim.code')}`,
    });
  });

  it('the dashboard shows the metrics of a single function', () => {
    const ours = widgets
      .flatMap(({ properties }) => properties.metrics ?? [])
      .filter(([namespace]) => namespace === 'PhantomTokenAuthorizer');

    expect(ours.length).toBeGreaterThan(10);
    for (const metric of ours) expect(metric).toContain(`«${handler}»`);
  });

  it("the dashboard shows the share of API Gateway if it knows the APIs' requests", () => {
    const withApi = widgetsOf(
      synthesizeWith((stack) => {
        const api = new RestApi(stack, 'Orders');
        api.root.addMethod('GET');
        return { apis: [api] };
      }),
    );
    const labelsOf = (of: readonly Widget[]) =>
      metricsOf(of, 'Hit ratio by cache').map(([first]) => (first as { label?: string }).label);

    expect(labelsOf(withApi)).toContain('served by API Gateway');
    expect(metricsOf(withApi, 'Hit ratio by cache').flat()).toContain('Orders');
    expect(labelsOf(widgets)).not.toContain('served by API Gateway');
  });

  it('the dashboard shows the alarms in the first row', () => {
    const [first] = widgetsOf(
      synthesizeWith((stack, { authorizerFunction }) => ({
        alarms: new PhantomTokenAlarms(stack, 'Alarms', { authorizerFunction }),
      })),
    );

    expect(first).toMatchObject({ type: 'alarm', x: 0, y: 0, width: 12 });
    expect(first?.properties.alarms).toHaveLength(8);
  });

  it('the dashboard names every line of the outcomes', () => {
    const shown = metricsOf(widgets, 'Requests by outcome').flatMap((metric) => {
      const options = metric.at(-1) as { visible?: boolean; label?: string };
      return options.visible === false ? [] : [options.label];
    });

    expect(shown).toEqual(expect.arrayContaining(['401 unauthorized', 'faults', 'throttled']));
    expect(shown).not.toContain(undefined);
  });

  it('the dashboard shows responses, latency and 429 of each API, and the thresholds of alarms', () => {
    const all = widgetsOf(
      synthesizeWith((stack, { authorizerFunction }) => {
        const api = new RestApi(stack, 'Orders');
        api.root.addMethod('GET');
        return {
          apis: [api],
          accessLogs: new LogGroup(stack, 'AccessLogs'),
          alarms: new PhantomTokenAlarms(stack, 'Alarms', { authorizerFunction, apis: [api] }),
        };
      }),
    );
    const thresholds = all.flatMap(({ properties }) =>
      (properties.annotations?.horizontal ?? []).map(({ value }) => value),
    );

    expect(titlesOf(all)).toEqual(
      expect.arrayContaining([
        'Responses of Orders',
        'Latency of Orders',
        'Throttled requests of Orders (429)',
      ]),
    );
    expect(metricsOf(all, 'Responses of Orders').map((metric) => metric[1])).toEqual([
      'Count',
      '4XXError',
      '5XXError',
    ]);
    expect(thresholds).toEqual([5, 3000, 1500]);
  });

  it('the dashboard does not count throttled invocations as served by API Gateway', () => {
    const withApi = synthesizeWith((stack) => {
      const api = new RestApi(stack, 'Orders');
      api.root.addMethod('GET');
      return { apis: [api] };
    });
    const [[served] = []] = metricsOf(widgetsOf(withApi), 'Hit ratio by cache');

    expect((served as { expression: string }).expression).toContain('FILL(throttles, 0)');
  });

  it('the dashboard uses the configured name of the dashboard', () => {
    synthesizeWith(() => ({ dashboardName: 'Orders' })).hasResourceProperties(DASHBOARD, {
      DashboardName: 'Orders',
    });
  });
});
