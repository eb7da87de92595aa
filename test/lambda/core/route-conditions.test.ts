import { ruleOf, scopeRules } from '../../../lambda/core/route';

const rulesWith = (conditions: unknown) =>
  scopeRules(
    JSON.stringify({
      api: [
        [[['a']], ['GET,POST /mcp'], conditions],
        [[[]], ['GET /']],
      ],
    }),
  );

test.each<[string, unknown]>([
  ['a list', ['*']],
  ['a string', '*'],
  ['null', null],
  ['empty', {}],
  ['an unknown member', { tools: { a: [['b']] }, other: 1 }],
  ['no tool', { tools: {} }],
  ['a tool without alternatives', { tools: { a: [] } }],
  ['a tool with a list of scopes in place of lists', { tools: { a: ['b'] } }],
  ['tools in a list', { tools: [[['a']]] }],
  ['an empty audience', { audience: [] }],
  ['an audience that is empty text', { audience: [''] }],
  ['an audience that is a string', { audience: 'a' }],
  ['an audience that is null', { audience: null }],
  ['an audience with a number', { audience: ['a', 1] }],
  ['an audience with empty text', { audience: ['a', ''] }],
  ['faulty tools in addition to an audience', { tools: {}, audience: ['a'] }],
  ['a faulty audience in addition to tools', { tools: { a: [['b']] }, audience: [] }],
  ['an unknown member only', { other: 1 }],
  ['tools that are null', { tools: null }],
  ['a faulty tool in addition to another one', { tools: { a: [['b']], c: 'd' } }],
  ['a tool with a scope that is a number', { tools: { a: [[1]] } }],
  ['a tool with a faulty list in addition to another one', { tools: { a: [['b'], 'c'] } }],
])('rules with conditions that are faulty are refused: %s', (_, conditions) => {
  expect(rulesWith(conditions)).toBeUndefined();
});

test('conditions hold for the routes of their rule', () => {
  const rules = rulesWith({ tools: JSON.parse('{"__proto__":[["b"]]}'), audience: ['c'] });
  const of = (...routeNames: string[]) =>
    rules && ruleOf(rules, { apiId: 'api', routeNames }).conditions;

  for (const name of ['GET /mcp', 'POST /mcp']) {
    expect(of(name, 'ANY /mcp')).toEqual({
      tools: new Map([['__proto__', [['b']]]]),
      audience: ['c'],
    });
  }
  expect(of('GET /')).toEqual({});
});

test.each<[string, object, object]>([
  [
    'tools only',
    { tools: { a: [['b'], ['c', 'd']] } },
    { tools: new Map([['a', [['b'], ['c', 'd']]]]) },
  ],
  ['a tool without scopes', { tools: { a: [[]] } }, { tools: new Map([['a', [[]]]]) }],
  ['an audience only', { audience: ['a', 'b'] }, { audience: ['a', 'b'] }],
])('conditions of a route can be %s', (_, conditions, parsed) => {
  const rules = rulesWith(conditions);
  const rule = rules && ruleOf(rules, { apiId: 'api', routeNames: ['GET /mcp'] });

  expect(rule).toStrictEqual({ api: rules?.get('api'), alternatives: [['a']], conditions: parsed });
});

test('the conditions are those of the first name of a route that has a rule', () => {
  const rules = scopeRules(
    JSON.stringify({
      api: [
        [[['a']], ['GET /mcp'], { audience: ['one'] }],
        [[['b']], ['ANY /mcp'], { audience: ['two'] }],
        [[['c']], ['*'], { audience: ['every'] }],
      ],
    }),
  );
  const of = (...routeNames: string[]) => rules && ruleOf(rules, { apiId: 'api', routeNames });

  expect(of('GET /mcp', 'ANY /mcp')).toMatchObject({
    alternatives: [['a']],
    conditions: { audience: ['one'] },
  });
  expect(of('PUT /mcp', 'ANY /mcp')).toMatchObject({
    alternatives: [['b']],
    conditions: { audience: ['two'] },
  });
  expect(of('PUT /other', 'ANY /other')).toMatchObject({
    alternatives: [['c']],
    conditions: { audience: ['every'] },
  });
});
