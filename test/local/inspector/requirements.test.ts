import { deflateRawSync } from 'node:zlib';
import { requirementsOfOperation } from '../../../lambda/core/mcp-request';
import { calledTool } from '../../../local/inspector/events/called-tool';
import { readRequirements } from '../../../local/inspector/events/requirements';

const rules = [
  [[['read']], ['*']],
  [
    [['write'], ['admin', 'all']],
    ['POST,PUT /orders', 'ANY /orders/{id}'],
  ],
];
const GET = { apiId: 'api', route: 'GET /' };
const variables = (scopeRules: unknown) => ({
  TOKEN_ISSUER: 'https://login.example.com',
  TOKEN_AUDIENCE: '["orders-api"]',
  SCOPE_RULES: JSON.stringify({ api: scopeRules }),
});

test.each([
  ['GET /', [['read']]],
  ['PUT /orders', [['write'], ['admin', 'all']]],
  ['DELETE /orders/{id}', [['write'], ['admin', 'all']]],
])('reads the scope requirement of %s', (route, scopes) => {
  expect(readRequirements(variables(rules), { apiId: 'api', route })).toEqual({
    issuer: 'https://login.example.com',
    audience: ['orders-api'],
    scopes,
    jwksUri: undefined,
    senderConstraint: 'refuse',
  });
});

test('reads rules that are deflated, and the audience of the API', () => {
  const packed = deflateRawSync(JSON.stringify(rules)).toString('base64');
  const read = readRequirements(variables({ audience: ['own'], rules: packed }), GET);

  expect([read.audience, read.scopes]).toEqual([['own'], [['read']]]);
});

test('scope rules that cannot be read are absent', () => {
  const read = readRequirements({ SCOPE_RULES: '{', TOKEN_AUDIENCE: '7' }, GET);

  expect(read).toMatchObject({ audience: undefined, scopes: undefined });
});

describe('conditions of routes', () => {
  const conditions = {
    audience: ['https://api.example.com/mcp'],
    tools: { get_weather: [['weather']], '*': [['all', 'read'], ['admin']] },
  };
  const conditional = variables([
    [[['read']], ['POST /mcp'], conditions],
    [[['read']], ['*']],
  ]);

  const call = (headers: Record<string, string>) => ({
    apiId: 'api',
    route: 'POST /mcp',
    tool: calledTool(headers),
  });
  const calls = (name: string) => call({ 'Mcp-Method': 'tools/call', 'Mcp-Name': name });

  it('an audience of a route replaces that of the API', () => {
    const own = { audience: ['own'], rules: JSON.parse(conditional.SCOPE_RULES).api };

    expect(readRequirements(variables(own), call({})).audience).toEqual(conditions.audience);
    expect(readRequirements(variables(own), GET).audience).toEqual(['own']);
  });

  it('tools are only those of their own route', () => {
    expect(readRequirements(conditional, call({})).tools).toEqual(['get_weather', '*']);
    expect(readRequirements(conditional, GET)).not.toHaveProperty('tools');
  });

  it.each([
    ['a named tool', calls('get_weather')],
    ['an encoded name', calls('=?base64?Z2V0X3dlYXRoZXI=?=')],
    ['any other tool', calls('set_alert')],
    ['a tool with the name of a member of every object', calls('constructor')],
    ['no tool', call({ 'mcp-method': 'tools/list' })],
  ])('the scopes of a call of %s are those that the authorizer requires', (_, operation) => {
    const headers = {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': operation.tool === undefined ? 'tools/list' : 'tools/call',
      ...(operation.tool !== undefined && { 'mcp-name': operation.tool }),
    };
    const tools = new Map(Object.entries(conditions.tools));
    const { scopes, refusal } = requirementsOfOperation({ headers }, [['read']], tools);

    expect(refusal).toBeUndefined();
    expect(readRequirements(conditional, operation).scopes).toEqual(scopes);
  });
});
