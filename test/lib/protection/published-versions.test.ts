import type { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { User } from 'aws-cdk-lib/aws-iam';
import { type AuthorizerFunctionProps, RestApiProtection } from '../../../lib';
import type { ScopeRulesProvider } from '../../../lib/authorizer/protected-apis';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { newFunction, protect } from '../../support/protected-rest-api';
import { dependenciesOf, type UpdatableTemplate } from '../../support/stack-update';
import {
  type ConfigParts,
  only,
  stackOf,
  synthesize,
  synthesizeConstructs,
  synthesizeStack,
} from '../../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';
const VERSION = 'AWS::Lambda::Version';
const PERMISSION = 'AWS::Lambda::Permission';
const AUTHORIZERS = { REST: 'AWS::ApiGateway::Authorizer', HTTP: 'AWS::ApiGatewayV2::Authorizer' };

type Kind = keyof typeof AUTHORIZERS;
type Routes = Readonly<Record<string, readonly string[]>>;

/** Returns the config of an API whose routes require these scopes. */
function configOf(type: Kind, routes: Routes, parts: ConfigParts = {}): ConfigParts {
  const list = Object.entries(routes).map(([path, scopes]) => ({ method: 'GET', path, scopes }));
  return { ...parts, api: { type, routes: list, ...parts.api } };
}

/** Returns the template of {@link configOf}. */
const template = (...args: Parameters<typeof configOf>) => synthesize(configOf(...args)).template;

const idsOf = (it: Template, type: string) => Object.keys(it.findResources(type)).sort();
const V1 = { '/payments': ['payments'], '/reports': ['payments'], '/users': ['users'] };
const V2 = { ...V1, '/reports': ['reports'] };

describe('the version that API Gateway calls', () => {
  it.each<[string, Partial<AuthorizerFunctionProps>, ScopeRulesProvider]>([
    ['the settings', { introspectionAccept: 'application/json' }, () => []],
    ['the rules of an API', {}, () => [[[['read']], ['GET /']]]],
  ])('the version that API Gateway calls is replaced when %s change', (_, props, rules) => {
    const versionWith = (more: Partial<AuthorizerFunctionProps>, rulesOfApi?: ScopeRulesProvider) =>
      only(
        synthesizeConstructs((stack) => addAuthorizerFunction(stack, more, rulesOfApi)),
        VERSION,
      )[0];

    const former = versionWith({});
    expect(versionWith({})).toBe(former);
    expect(versionWith(props, rules)).not.toBe(former);
  });

  it.each([VERSION, PERMISSION])(
    'the version that API Gateway calls is retained after an update, unless that update created it: %s',
    (type) => {
      template('REST', V1).allResources(type, {
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    },
  );

  it('the version that API Gateway calls has a permission of its own, which does not replace that of a former version', () => {
    expect(idsOf(template('REST', V1), PERMISSION)).not.toEqual(
      idsOf(template('REST', V2), PERMISSION),
    );
  });

  it.each<[Kind, string]>([
    ['REST', 'AWS::ApiGateway::Stage'],
    ['HTTP', 'AWS::ApiGatewayV2::Route'],
  ])(
    'the version that API Gateway calls is published and permitted before a %s API is deployed with it',
    (kind, deployed) => {
      const it = template(kind, V1);
      const { Resources } = it.toJSON() as UpdatableTemplate;

      for (const id of idsOf(it, deployed)) {
        expect([...dependenciesOf(Resources, id)]).toEqual(
          expect.arrayContaining(
            [FUNCTION, VERSION, PERMISSION].flatMap((type) => idsOf(it, type)),
          ),
        );
      }
    },
  );

  it('the version that API Gateway calls is deployed with another deployment of the REST API', () => {
    const deploymentOf = (it: Template) => idsOf(it, 'AWS::ApiGateway::Deployment');
    const former = deploymentOf(template('REST', V1));
    const again = synthesizeStack(stackOf(configOf('REST', V1))).template;
    const changed = template('REST', V1, { cache: { maxTtlSeconds: 30 } });

    expect(deploymentOf(again)).toEqual(former);
    expect(deploymentOf(changed)).not.toEqual(former);
  });

  it('operators invoke the function, not the version that API Gateway calls', () => {
    const it = synthesizeConstructs((stack) => {
      addAuthorizerFunction(stack).grantInvoke(new User(stack, 'Operator'));
    });
    const [fn] = only(it, FUNCTION);
    const policies = Object.values(it.findResources('AWS::IAM::Policy'));

    expect(JSON.stringify(policies.find(({ Properties }) => Properties.Users))).toContain(
      `{"Fn::GetAtt":["${fn}","Arn"]}`,
    );
  });
});

describe('the permission to call the version', () => {
  it('the permission to call the version is one for each API, however many authorizers the APIs have', () => {
    const it = synthesizeConstructs((stack) => {
      const authorizerFunction = newFunction(stack);
      for (const name of ['One', 'Other']) {
        const api = new RestApi(stack, name);
        const protection = new RestApiProtection(stack, `${name}Protection`, {
          api,
          authorizerFunction,
        });
        for (const scope of ['a', 'b', 'c']) {
          const authorizer = protection.authorizer({ scopes: [scope] });
          const integration = protection.httpIntegration('https://orders.internal.example.com');
          api.root.addResource(scope).addMethod('GET', integration, { authorizer });
        }
      }
    });

    it.resourceCountIs(AUTHORIZERS.REST, 6);
    it.resourceCountIs(PERMISSION, 2);
  });
});

describe.each<Kind>(['REST', 'HTTP'])('the id of an authorizer of a %s API', (kind) => {
  const authorizersOf = (routes: Routes, parts?: ConfigParts) =>
    idsOf(template(kind, routes, parts), AUTHORIZERS[kind]);

  it(`the id of an authorizer of a ${kind} API stays when nothing changes that decides`, () => {
    const operations = { memoryMegabytes: 1024 };

    expect(authorizersOf(V1, { operations })).toEqual(authorizersOf(V1));
  });

  it.each<[string, ConfigParts]>([
    ['the scopes of the whole API', { api: { scopes: ['all'] } }],
    ['the issuer', { token: { issuer: 'https://login.example.com' } }],
    ['the introspection endpoint', { introspection: { endpoint: 'https://other.example.com/' } }],
  ])(`the id of an authorizer of a ${kind} API changes with %s`, (_, parts) => {
    const former = authorizersOf(V1);

    expect(authorizersOf(V1, parts).filter((id) => former.includes(id))).toEqual([]);
  });

  it(`the name of an authorizer of a ${kind} API changes with its id, since two of an API cannot have one name`, () => {
    const names = (routes: Routes, parts?: ConfigParts) =>
      Object.values(template(kind, routes, parts).findResources(AUTHORIZERS[kind])).map(
        ({ Properties }) => Properties.Name,
      );
    const all = [...names(V1), ...names(V1, { api: { scopes: ['all'] } })];

    expect(new Set(all).size).toBe(4);
  });
});

describe('the id of an authorizer', () => {
  it('the id of an authorizer changes with the audience of its API alone', () => {
    const idsWith = (audience?: readonly string[]) =>
      idsOf(
        protect(
          ({ api, protection }) => {
            const integration = protection.httpIntegration('https://orders.internal.example.com');
            api.root.addMethod('GET', integration, { authorizer: protection.authorizer() });
          },
          { audience },
        ),
        AUTHORIZERS.REST,
      );

    const former = idsWith(['cards']);
    expect(idsWith(['cards'])).toEqual(former);
    expect(idsWith(['payments'])).not.toEqual(former);
    expect(idsWith()).not.toEqual(former);
  });

  it('the id of an authorizer stays for a requirement of a REST API whose routes change', () => {
    const former = idsOf(template('REST', V1), AUTHORIZERS.REST);

    expect(idsOf(template('REST', V2), AUTHORIZERS.REST)).toEqual(expect.arrayContaining(former));
  });

  it('the id of an authorizer changes for the routes of an HTTP API that come or go, and stays for others', () => {
    const former = idsOf(template('HTTP', V1), AUTHORIZERS.HTTP);
    const latter = idsOf(template('HTTP', V2), AUTHORIZERS.HTTP);

    expect([former.length, latter.length]).toEqual([2, 3]);
    expect(latter.filter((id) => former.includes(id))).toHaveLength(1);
  });

  it('the id of an authorizer changes with any rule of routes that share the last authorizer of a REST API', () => {
    const routes = (last: string): Routes =>
      Object.fromEntries(['a', 'b', 'c', 'd', 'e', last].map((it, at) => [`/${at}`, [it]]));
    const former = idsOf(template('REST', routes('f')), AUTHORIZERS.REST);
    const latter = idsOf(template('REST', routes('g')), AUTHORIZERS.REST);

    expect([former.length, latter.length]).toEqual([5, 5]);
    expect(latter.filter((id) => former.includes(id))).toHaveLength(4);
  });

  it('the authorizers of an API leave room for former ones by default, within the quota of ten', () => {
    const routes = Object.fromEntries([...'abcdefgh'].map((it) => [`/${it}`, [it]]));
    const all = ['x', 'y'].flatMap((scope) =>
      idsOf(template('HTTP', routes, { api: { scopes: [scope] } }), AUTHORIZERS.HTTP),
    );

    expect(new Set(all).size).toBe(10);
  });
});
