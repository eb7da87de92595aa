import { requiredClaims } from '../../../lambda/core/required-claims';
import { scopeRules } from '../../../lambda/core/route';

type Config = Parameters<typeof requiredClaims>[0];

const config = (
  token: { issuer?: string; audience?: readonly string[] },
  rules = '{"api":[[[[]],["*"]]]}',
): Config => ({
  token: {
    issuer: token.issuer,
    audience: token.audience ?? [],
    jwksUri: undefined,
    notBeforeToleranceSeconds: 60,
    senderConstraint: 'refuse',
  },
  scopeRules: scopeRules(rules) ?? new Map(),
});
const AUDIENCE_OF_ROUTE = '{"api":[[[[]],["GET /"]],[[[]],["GET /a"],{"audience":["cards"]}]]}';
const TOOLS_OF_ROUTE = '{"api":[[[[]],["POST /mcp"],{"tools":{"*":[["a"]]}}]]}';
const OWN_AUDIENCE = '{"one":[[[[]],["*"]]],"other":{"audience":["cards"],"rules":[[[[]],["*"]]]}}';

describe('the claims that a configuration requires', () => {
  it.each<[string, Config, readonly string[]]>([
    ['none without an issuer and an audience', config({}), []],
    ['iss with an issuer', config({ issuer: 'https://login.example.com' }), ['iss']],
    ['aud with an audience of the function', config({ audience: ['orders'] }), ['aud']],
    ['aud with an audience of one API alone', config({}, OWN_AUDIENCE), ['aud']],
    ['aud with an audience of one route alone', config({}, AUDIENCE_OF_ROUTE), ['aud']],
    ['none with tools of a route alone', config({}, TOOLS_OF_ROUTE), []],
    ['both', config({ issuer: 'https://login.example.com', audience: ['a'] }), ['iss', 'aud']],
  ])('the claims that a configuration requires are %s', (_, given, expected) => {
    expect(given.scopeRules.size).toBeGreaterThan(0);
    expect(requiredClaims(given)).toEqual(expected);
  });
});
