import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Incident, type Minute, simulate } from '../../support/alarms/incident';
import { only, synthesize } from '../../support/synthesize';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';
const { template } = synthesize({ operations: { alarmTopicArn: TOPIC } });
const [functionName] = only(template, 'AWS::Lambda::Function');
const apiName = String(only(template, 'AWS::ApiGateway::RestApi')[1]['Name']);

/** Minutes in which something goes wrong. */
const START = 200;
const END = 500;
const MINUTES = 600;

/** Returns an incident from START to END, with one of two kinds of minutes. */
function during(good: Minute, bad: Minute | ((minute: number) => Minute), end = END): Incident {
  return {
    minutes: MINUTES,
    at(minute) {
      if (minute < START || minute >= end) return good;
      return typeof bad === 'function' ? bad(minute) : bad;
    },
  };
}

/** Returns the incident with requests only every so many minutes. */
function every(minutes: number, incident: Incident): Incident {
  return { ...incident, at: (minute) => (minute % minutes === 0 ? incident.at(minute) : {}) };
}

/** Requests of a healthy minute, of which some are memory hits. */
const good = (count: number): Minute =>
  count === 1
    ? { lines: { allowed: 1 } }
    : { lines: { allowed: count / 10 }, hits: (count * 9) / 10 };
const outage = (count: number): Minute => ({
  lines: { timedOut: count / 10, notSent: (count * 9) / 10 },
});
const all = (kind: keyof NonNullable<Minute['lines']>, count: number): Minute => ({
  lines: { [kind]: count },
});

const INCIDENTS: readonly [incident: string, traffic: string, incident: Incident][] = [
  ['outage of the authorization server', '1,000/min', during(good(1000), outage(1000))],
  ['the same', '1/min', during(good(1), all('timedOut', 1))],
  ['the same', '20/h', every(3, during(good(1), all('timedOut', 1)))],
  ['the same', '1/h', every(60, during(good(1), all('timedOut', 1)))],
  [
    'outage of two minutes in four',
    '100/min',
    during(good(100), (minute) => (minute % 4 < 2 ? outage(100) : good(100))),
  ],
  ['flood of bad tokens', '1,000/min', during(good(100), { lines: { denied: 1000 }, hits: 90 })],
  [
    'the same, with log lines three minutes late',
    '1,000/min',
    { ...during(good(100), { lines: { denied: 1000 }, hits: 90 }), logDelay: 3 },
  ],
  [
    'rotation that refuses credentials for 10 s',
    '1,000/min',
    during(good(1000), { lines: { rejected: 83, allowed: 100 }, hits: 817 }, START + 2),
  ],
  ['credentials refused', '100/min', during(good(100), all('rejected', 100))],
  ['malformed secret', '100/min', during(good(100), all('malformed', 100))],
  [
    'burst of cold starts',
    '1,000/min',
    during(good(1000), { lines: { slow: 300 }, hits: 700 }, START + 2),
  ],
  ['no requests', '0', during(good(100), {})],
  ['lost permission to invoke', '1,000/min', during(good(1000), { notInvoked: 1000 })],
  ['the same', '1/h', every(60, during(good(1), { notInvoked: 1 }))],
  ['every invocation crashes', '100/min', during(good(100), { crashed: 100 })],
  ['slow authorization server', '100/min', during(good(100), all('slow', 100))],
  [
    'one slow introspection in five minutes',
    '100/min',
    during(good(100), (minute) =>
      minute % 5 === 0
        ? { lines: { slow: 1, allowed: 9 }, hits: 90 }
        : { lines: { allowed: 10 }, hits: 90 },
    ),
  ],
  ['token cache down', '100/min', during(good(100), all('withoutTable', 100))],
  [
    'secret cannot be read',
    '100/min',
    during(good(100), (minute) =>
      minute % 5 === 0 ? { lines: { secretNotReread: 1, allowed: 9 }, hits: 90 } : good(100),
    ),
  ],
  [
    'client certificate expires in 12 days',
    '100/min',
    during(good(100), (minute) =>
      minute % 60 === 0 ? { lines: { expiring: 1, allowed: 10 }, hits: 90 } : good(100),
    ),
  ],
];

/** Returns the rows of the table in the documentation, from the simulation. */
function rows(): string[] {
  return INCIDENTS.map(([name, traffic, incident]) => {
    const notifications = simulate(template, { functionName, apiName }, incident).filter(
      // The first notification is of the deployment.
      ({ minute }) => minute > 0,
    );
    const raised = notifications.filter(({ state }) => state === 'ALARM');
    const alarms = raised.map(({ alarm, minute }) => `\`${alarm}\` after ${minute - START + 1}`);
    const recovered = notifications.filter(({ state }) => state === 'OK');
    const oks = recovered.map(({ minute }) => String(minute - END + 1));
    return `| ${name} | ${traffic} | ${alarms.join(', ') || 'none'} | ${oks.join(', ') || '–'} |`;
  });
}

let table: readonly string[];
beforeAll(() => {
  table = rows();
});

test('the deployment notifies once, that the outage alarm is OK', () => {
  const { at } = during(good(100), good(100));
  const notifications = simulate(template, { functionName, apiName }, { minutes: 60, at });

  expect(notifications).toEqual([{ minute: 0, alarm: 'Outage', state: 'OK' }]);
});

test('an outage raises the outage alarm once, at 1,000 requests a minute, one a minute, 20 and one an hour', () => {
  for (const row of table.slice(0, 4)) expect(row.match(/`Outage` after/g)).toHaveLength(1);
});

test('operations.md has the alarms that the simulation of incidents raises', () => {
  const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'operations.md'), 'utf8');

  for (const row of table) expect(page.split('\n')).toContain(row);
});
