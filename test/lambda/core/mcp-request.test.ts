import { requirementsOfOperation } from '../../../lambda/core/mcp-request';
import type { ToolScopes } from '../../../lambda/core/route-conditions';

const TOOLS: ToolScopes = new Map([
  ['get_weather', [['weather:read']]],
  ['größe', [['size:read']]],
  ['*', [['tools:any'], ['admin']]],
]);

type Headers = Record<string, string | readonly string[]>;

const CALL: Headers = {
  'MCP-Protocol-Version': '2026-07-28',
  'Mcp-Method': 'tools/call',
  'Mcp-Name': 'get_weather',
};

/** Returns the requirements of a request with the headers of a call and others in their place. */
function requirements(some: Headers = {}, tools = TOOLS) {
  const entries = Object.entries({ ...CALL, ...some });
  const multiValueHeaders = Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? [value] : value]),
  );
  return requirementsOfOperation({ multiValueHeaders }, [['mcp']], tools);
}

test.each([
  ['get_weather', 'get_weather', [['mcp', 'weather:read']]],
  [
    'another tool',
    'delete_all',
    [
      ['mcp', 'tools:any'],
      ['mcp', 'admin'],
    ],
  ],
  [
    'a name in another case, which is another tool',
    'Get_Weather',
    [
      ['mcp', 'tools:any'],
      ['mcp', 'admin'],
    ],
  ],
  ['an encoded name', '=?base64?Z2V0X3dlYXRoZXI=?=', [['mcp', 'weather:read']]],
  ['an encoded name outside of ASCII', '=?base64?Z3LDtsOfZQ==?=', [['mcp', 'size:read']]],
  [
    'a name that every object has',
    '__proto__',
    [
      ['mcp', 'tools:any'],
      ['mcp', 'admin'],
    ],
  ],
])('a call requires the scopes of its route and of its tool: %s', (_, name, scopes) => {
  expect(requirements({ 'Mcp-Name': name })).toEqual({ scopes });
});

test.each([
  'tools/list',
  'initialize',
  'server/discover',
  'resources/read',
  'notifications/cancelled',
])('the method %s requires the scopes of its route only', (method) => {
  expect(requirements({ 'Mcp-Method': method })).toEqual({ scopes: [['mcp']] });
});

test('a scope of both route and tool is required once', () => {
  const tools = new Map([['get_weather', [['mcp', 'weather:read']]]]);

  expect(requirements({}, tools).scopes).toEqual([['mcp', 'weather:read']]);
});

test('names of headers are compared without their case', () => {
  const headers = Object.fromEntries(
    Object.entries(CALL).map(([name, value]) => [name.toUpperCase(), value as string]),
  );

  expect(requirementsOfOperation({ headers }, [['mcp']], TOOLS)).toEqual({
    scopes: [['mcp', 'weather:read']],
  });
});

test('a tool that is not named cannot be called if no other tool is allowed', () => {
  const tools = new Map([['get_weather', [['weather:read']]]]);

  expect(requirements({ 'Mcp-Name': 'delete_all' }, tools)).toMatchObject({
    refusal: { reason: 'mcp_tool_not_configured', comparison: { received: 'delete_all' } },
  });
});

test.each<[string, string | readonly string[]]>([
  ['absent', []],
  ['older', '2025-11-25'],
  ['empty', ''],
  ['repeated', ['2026-07-28', '2026-07-28']],
  ['repeated and joined by a comma', '2026-07-28,2026-07-28'],
  ['not a date', 'DRAFT-2026-v1'],
  ['followed by something', '2026-07-28x'],
  ['preceded by a space', ' 2026-07-28'],
  ['in digits of another script', '２０２６-07-28'],
])('a protocol version that is %s is refused for every method', (_, version) => {
  for (const method of ['tools/call', 'tools/list', 'initialize']) {
    expect(
      requirements({ 'MCP-Protocol-Version': version, 'Mcp-Method': method }).refusal?.reason,
    ).toBe('mcp_version_refused');
  }
});

test('later protocol versions are accepted', () => {
  expect(requirements({ 'MCP-Protocol-Version': '2027-01-01' })).not.toHaveProperty('refusal');
});

test.each<[string, string | readonly string[]]>([
  ['absent', []],
  ['repeated', ['tools/list', 'tools/call']],
  ['repeated and joined by a comma', 'tools/list,tools/call'],
  ['in another case', 'Tools/Call'],
  ['encoded', '=?base64?dG9vbHMvY2FsbA==?='],
  ['percent-encoded', 'tools%2Fcall'],
  ['padded', 'tools/call '],
  ['empty', ''],
])('a method that is %s is refused', (_, method) => {
  expect(requirements({ 'Mcp-Method': method }).refusal?.reason).toBe('mcp_header_invalid');
});

test.each<[string, string | readonly string[]]>([
  ['absent', []],
  ['empty', ''],
  ['repeated', ['get_weather', 'delete_all']],
  ['repeated and joined by a comma', 'get_weather,delete_all'],
  ['padded', 'get_weather '],
  ['outside of ASCII without encoding', 'größe'],
  ['encoded to nothing', '=?base64??='],
  ['encoded without padding', '=?base64?Z2V0X3dlYXRoZXI?='],
  ['encoded for URLs', '=?base64?Z3LDtsOfZS0_?='],
  ['encoded with bits that are ignored', '=?base64?Z2V0X3dlYXRoZXJ=?='],
  ['not UTF-8', '=?base64?/w==?='],
  ['encoded in another case of the marker', '=?BASE64?Z2V0X3dlYXRoZXI=?='],
  ['encoded by another encoding', '=?utf-8?Q?get_weather?='],
  ['encoded without the end of the marker', '=?base64?Z2V0X3dlYXRoZXI='],
])('the name of a tool that is %s is refused', (_, name) => {
  expect(requirements({ 'Mcp-Name': name }).refusal?.reason).toBe('mcp_header_invalid');
});

test('a refusal requires the scopes of the route, and reports the header without the JWT in it', () => {
  const { scopes, refusal } = requirements({ 'Mcp-Name': 'x,eyJhbGciOiJub25lIn0.e30.' });

  expect(scopes).toEqual([['mcp']]);
  expect(refusal).toEqual({
    reason: 'mcp_header_invalid',
    comparison: { expected: 'one Mcp-Name', received: 'x,[JWT]', identifying: true },
  });
});
