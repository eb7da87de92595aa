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
