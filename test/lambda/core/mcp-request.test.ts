import { requirementsOfOperation } from '../../../lambda/core/mcp-request';
import type { Alternatives, ToolScopes } from '../../../lambda/core/route-conditions';

const TOOLS: ToolScopes = new Map([
  ['get_weather', [['weather:read']]],
  ['größe', [['size:read']]],
  ['*', [['tools:any'], ['admin']]],
]);

/** Name of `get_weather` after a byte order mark, encoded. */
const BOM_NAME = `=?base64?${Buffer.from('\uFEFFget_weather').toString('base64')}?=`;
const OTHER_TOOL = [
  ['mcp', 'tools:any'],
  ['mcp', 'admin'],
];

type Headers = Record<string, string | readonly string[]>;

const CALL: Headers = {
  'MCP-Protocol-Version': '2026-07-28',
  'Mcp-Method': 'tools/call',
  'Mcp-Name': 'get_weather',
};

/** Returns the requirements of a request with the headers of a call and others in their place. */
function requirements(some: Headers = {}, tools = TOOLS, scopes: Alternatives = [['mcp']]) {
  const entries = Object.entries({ ...CALL, ...some });
  const multiValueHeaders = Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? [value] : value]),
  );
  return requirementsOfOperation({ multiValueHeaders }, scopes, tools);
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
  ['an encoded name with a byte order mark, which is another tool', BOM_NAME, OTHER_TOOL],
  ['an encoded name with a comma', '=?base64?Z2V0X3dlYXRoZXIs?=', OTHER_TOOL],
  ['an encoded name with + and /', '=?base64?77+/?=', OTHER_TOOL],
  ['an encoded name of one letter', '=?base64?eA==?=', OTHER_TOOL],
  ['a name of one letter', 'x', OTHER_TOOL],
  ['a name of two letters', 'xy', OTHER_TOOL],
  ['a name with a space in it', 'get weather', OTHER_TOOL],
  ['a name of the first and last characters', '!~', OTHER_TOOL],
  ['a name that ends like an encoded one', 'x=?base64?Z2V0X3dlYXRoZXI=?=', OTHER_TOOL],
  ['a name that begins with =', '=x', OTHER_TOOL],
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
  'ping',
  'x',
  'a.b-c$d_1/e.f-g$h_2/3',
  'tools/calls',
  'tools/cal',
  'Tools/List',
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
  ['a day older', '2026-07-27'],
  ['not a date', 'DRAFT-2026-v1'],
  ['without dashes', '20260728'],
  ['of fewer digits', '2026-7-28'],
  ['of more digits', '2026-07-280'],
  ['preceded by something', 'v2026-07-28'],
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

test.each(['2026-07-28', '2026-07-29', '2027-01-01'])(
  'the protocol version %s is accepted',
  (version) => {
    expect(requirements({ 'MCP-Protocol-Version': version })).not.toHaveProperty('refusal');
  },
);

test('a call requires any alternative of its route together with any of its tool', () => {
  const tools = new Map([['get_weather', [['a'], ['b', 'c']]]]);

  expect(requirements({}, tools, [['r'], ['s', 'b']]).scopes).toEqual([
    ['r', 'a'],
    ['r', 'b', 'c'],
    ['s', 'b', 'a'],
    ['s', 'b', 'c'],
  ]);
});

test('a tool without scopes of its own requires those of its route', () => {
  const tools = new Map([['get_weather', [[]]]]);

  expect(requirements({}, tools)).toEqual({ scopes: [['mcp']] });
});

test.each<[string, string | readonly string[]]>([
  ['absent', []],
  ['repeated', ['tools/list', 'tools/call']],
  ['repeated and joined by a comma', 'tools/list,tools/call'],
  ['in another case', 'Tools/Call'],
  ['in upper case', 'TOOLS/CALL'],
  ['in another case at its end', 'tools/calL'],
  ['without its first part', '/call'],
  ['without its second part', 'tools/'],
  ['of two slashes', 'tools//call'],
  ['preceded by a digit', '1tools/call'],
  ['preceded by a space', ' tools/call'],
  ['followed by a line break', 'tools/call\n'],
  ['outside of ASCII', 'tööls/call'],
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
  ['padded at its start', ' get_weather'],
  ['a single space', ' '],
  ['a comma', ','],
  ['with a tab in it', 'get\tweather'],
  ['with a delete character in it', 'get\u007fweather'],
  ['followed by a line break', 'get_weather\n'],
  ['like an encoded one', '=?x'],
  ['encoded, and followed by something', '=?base64?Z2V0X3dlYXRoZXI=?=x'],
  ['encoded with too much padding', '=?base64?eA===?='],
  ['encoded with a space', '=?base64?eA= =?='],
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

test.each<[string, Headers, object]>([
  [
    'the version',
    { 'MCP-Protocol-Version': '2025-11-25' },
    { expected: '2026-07-28 or later', received: '2025-11-25' },
  ],
  [
    'an absent version',
    { 'MCP-Protocol-Version': [] },
    { expected: '2026-07-28 or later', received: '(absent)' },
  ],
  [
    'repeated methods',
    { 'Mcp-Method': ['tools/list', 'tools/call'] },
    { expected: 'one Mcp-Method', received: 'tools/list tools/call' },
  ],
  ['an empty name', { 'Mcp-Name': '' }, { expected: 'one Mcp-Name', received: '(empty)' }],
  [
    'a decoded name',
    { 'Mcp-Name': '=?base64?ZGVsZXRlX2FsbA==?=' },
    { expected: 'a configured tool', received: 'delete_all' },
  ],
])('a refusal reports what was expected and received: %s', (_, headers, comparison) => {
  const tools = new Map([['get_weather', [['weather:read']]]]);

  expect(requirements(headers, tools)).toEqual({
    scopes: [['mcp']],
    refusal: {
      reason: expect.stringMatching(/^mcp_/),
      comparison: { ...comparison, identifying: true },
    },
  });
});

test('a refusal requires the scopes of the route, and reports the header without the JWT in it', () => {
  const { scopes, refusal } = requirements({ 'Mcp-Name': 'x,eyJhbGciOiJub25lIn0.e30.' });

  expect(scopes).toEqual([['mcp']]);
  expect(refusal).toEqual({
    reason: 'mcp_header_invalid',
    comparison: { expected: 'one Mcp-Name', received: 'x,[JWT]', identifying: true },
  });
});
