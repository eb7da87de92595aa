import fc from 'fast-check';
import { toAuthorizerError, toAuthorizerResult } from '../../../lambda/core/authorizer-result';
import { codePoint } from '../../support/code-points';
import { only, synthesize } from '../../support/synthesize';
import { facts } from '../../support/tokens';

type Json = Record<string, unknown>;

const REST = { api: 'REST', format: 'policy', stageArn: 'arn/*' } as const;
const HTTP = { api: 'HTTP', format: 'simple' } as const;

const { template: rest } = synthesize();
const { template: http } = synthesize({ api: { type: 'HTTP' } });
const restFormat = (only(rest, 'AWS::ApiGateway::Stage')[1]['AccessLogSetting'] as Json)['Format'];
const httpFormat = (only(http, 'AWS::ApiGatewayV2::Stage')[1]['AccessLogSettings'] as Json)[
  'Format'
];

/** Fills in a format as API Gateway does, without any escaping. */
function fillIn(format: unknown, authorizer: Json): string {
  return String(format).replace(/\$context\.([\w.]+)/g, (_, name: string) => {
    const key = name.replace(/^authorizer\./, '');
    return key === name ? '-' : String(authorizer[key] ?? '-');
  });
}

/** The object that the line has to be: the format's own fields, and those values. */
function line(format: unknown, values: Json): Json {
  const fields = Object.keys(JSON.parse(String(format)));
  return { ...Object.fromEntries(fields.map((field) => [field, '-'])), ...values };
}

/** Texts as somebody would write who wants to forge a field. */
const hostile = fc.oneof(
  fc.string({ unit: codePoint }),
  fc
    .array(fc.constantFrom('"', '\\', ',', ':', '{', '}', '%22', '\n', '"subject":"alice"', 'x'))
    .map((parts) => parts.join('')),
  fc.constant('mallory","subject":"alice","x":"'),
);

test.each([
  ['REST', restFormat, REST],
  ['HTTP', httpFormat, HTTP],
] as const)('no subject or client can forge the access log of a %s API', (_, format, answer) => {
  fc.assert(
    fc.property(hostile, hostile, (sub, clientId) => {
      const decision = { outcome: 'allow', facts: facts({ sub, clientId }) } as const;
      const result = toAuthorizerResult(decision, answer) as unknown as { context: Json };

      const logged = JSON.parse(fillIn(format, result.context));

      expect(logged).toEqual(
        line(format, { subject: expect.any(String), clientId: expect.any(String) }),
      );
      expect(decodeURIComponent(logged.subject)).toBe(sub);
      expect(decodeURIComponent(logged.clientId)).toBe(clientId);
    }),
  );
});

test.each([
  ['REST', restFormat],
  ['HTTP', httpFormat],
])('no message of a fault can forge the access log of a %s API', (_, format) => {
  fc.assert(
    fc.property(hostile, (message) => {
      const { message: error } = toAuthorizerError(new Error(message));

      expect(JSON.parse(fillIn(format, { error }))).toEqual(
        line(format, { authorizerError: error }),
      );
    }),
  );
});

test.each([
  ['REST', restFormat],
  ['HTTP', httpFormat],
])('the access log of a %s API holds no header, path or query string', (_, format) => {
  expect(String(format)).not.toMatch(/userAgent|\$context\.path|domain|\$request|queryString/);
});
