import { CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, type Template } from 'aws-cdk-lib/assertions';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AuthorizerFunction, HttpApiProtection, PropError, RestApiProtection } from '../../../lib';
import { thrownBy } from '../../support/faults';
import { newStack, only, stackOf, synthesizeConstructs } from '../../support/synthesize';

type Audience = readonly string[] | undefined;
interface Audiences {
  readonly ofFunction?: Audience;
  readonly ofRest?: Audience;
  readonly ofHttp?: Audience;
}

/** Adds a REST and an HTTP API with one authorizer function. */
function addTwoApis(stack: Stack, { ofFunction, ofRest, ofHttp }: Audiences): void {
  const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
    introspectionEndpoint: 'https://login.example.com/introspect',
    audience: ofFunction,
  });
  const rest = new RestApi(stack, 'Cards');
  const cards = new RestApiProtection(stack, 'CardsProtection', {
    api: rest,
    authorizerFunction,
    audience: ofRest,
  });
  rest.root.addMethod('GET', new MockIntegration(), { authorizer: cards.authorizer() });
  const http = new HttpApi(stack, 'Payments');
  const payments = new HttpApiProtection(stack, 'PaymentsProtection', {
    api: http,
    authorizerFunction,
    audience: ofHttp,
  });
  http.addRoutes({
    path: '/',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('Upstream', 'https://payments.example.com', {
      parameterMapping: payments.parameterMapping(),
    }),
    authorizer: payments.authorizer(),
  });
}

/** Returns `SCOPE_RULES` as deployed: CloudFormation's functions evaluated for these references. */
function deployedRules(template: Template, references: Readonly<Record<string, unknown>> = {}) {
  const { Variables } = only(template, 'AWS::Lambda::Function')[1]['Environment'] as {
    Variables: { SCOPE_RULES: unknown };
  };
  const evaluate = (value: unknown): string => {
    const { Ref, 'Fn::Join': join } = (typeof value === 'object' ? value : {}) as {
      readonly Ref?: string;
      readonly 'Fn::Join'?: readonly [string, { Ref: string } | readonly unknown[]];
    };
    if (Ref !== undefined) return String(references[Ref] ?? Ref);
    if (join === undefined) return String(value);
    const [separator, list] = join;
    const parts = 'Ref' in list ? (references[list.Ref] as unknown[]) : list;
    return parts.map(evaluate).join(separator);
  };
  return JSON.parse(evaluate(Variables.SCOPE_RULES));
}

/** Returns the paths of the constructs that warn about a missing audience. */
function warned(stack: Stack): string[] {
  const printing = jest.spyOn(console, 'error').mockImplementation();
  try {
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('phantom-token-authorizer:no-audience'))
      .map(({ id }) => id);
  } finally {
    printing.mockRestore();
  }
}
function warnedFor(audiences: Audiences): string[] {
  const stack = newStack();
  addTwoApis(stack, audiences);
  return warned(stack);
}

describe('audience of a protection', () => {
  it('writes the audience of a protection to the scope rules of its API only', () => {
    const audiences = { ofFunction: ['all'], ofRest: ['cards', 'old-cards'] };
    const template = synthesizeConstructs((stack) => addTwoApis(stack, audiences));
    const [cards] = only(template, 'AWS::ApiGateway::RestApi');
    const [payments] = only(template, 'AWS::ApiGatewayV2::Api');

    expect(deployedRules(template)).toEqual({
      [cards]: { audience: ['cards', 'old-cards'], rules: [[[[]], ['*']]] },
      [payments]: [[[[]], ['*']]],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ TOKEN_AUDIENCE: '["all"]' }) },
    });
  });

  it('deploys an audience from a parameter as a JSON list', () => {
    const template = synthesizeConstructs((stack) => {
      const list = new CfnParameter(stack, 'Names', { type: 'CommaDelimitedList' });
      const name = new CfnParameter(stack, 'Name');
      addTwoApis(stack, { ofRest: list.valueAsList, ofHttp: [name.valueAsString, 'pay'] });
    });
    const [cards] = only(template, 'AWS::ApiGateway::RestApi');
    const [payments] = only(template, 'AWS::ApiGatewayV2::Api');

    expect(deployedRules(template, { Names: ['one', 'two'], Name: 'three' })).toEqual({
      [cards]: { audience: ['one', 'two'], rules: [[[[]], ['*']]] },
      [payments]: { audience: ['three', 'pay'], rules: [[[[]], ['*']]] },
    });
  });

  it('counts an audience from a parameter toward the size of the environment variables', () => {
    const size = (audience: (stack: Stack) => readonly string[]) => {
      const error = thrownBy(() =>
        synthesizeConstructs((stack) =>
          addTwoApis(stack, { ofFunction: ['x'.repeat(4096)], ofRest: audience(stack) }),
        ),
      );
      return Number(/got: (\d+)/.exec(String(error))?.[1]);
    };

    expect(size((stack) => [new CfnParameter(stack, 'Name').valueAsString])).toBe(
      size(() => ['x'.repeat(252)]),
    );
  });

  it.each([[[]], [['']], [['a', '']], ['cards']])('rejects the audience %j', (audience) => {
    const act = () => addTwoApis(newStack(), { ofRest: audience as readonly string[] });

    expect(thrownBy(act)).toEqual(
      new PropError(
        'audience must be a list of one or more non-empty strings, got: ' +
          JSON.stringify(audience),
      ),
    );
  });

  it('rejects an audience that combines a list parameter with other names', () => {
    const stack = newStack();
    const list = Fn.split(',', Fn.importValue('audiences'));

    expect(thrownBy(() => addTwoApis(stack, { ofRest: [...list, 'more'] }))).toBeInstanceOf(
      PropError,
    );
  });
});

describe('synthesis without an audience', () => {
  it('warns for each protection without an audience if its function has none either', () => {
    expect(warnedFor({})).toEqual(['/Stack/CardsProtection', '/Stack/PaymentsProtection']);
    expect(warnedFor({ ofRest: ['cards'] })).toEqual(['/Stack/PaymentsProtection']);
  });

  it('does not warn if the function or each protection has an audience', () => {
    expect(warnedFor({ ofFunction: ['all'] })).toEqual([]);
    expect(warnedFor({ ofRest: ['cards'], ofHttp: ['payments'] })).toEqual([]);
  });

  it.each(['REST', 'HTTP'])(
    'warns once about a missing audience in a config file with a %s API',
    (type) => {
      expect(warned(stackOf({ api: { type } }))).toEqual(['/PhantomToken/Api/Protection']);
    },
  );
});

it('writes an audience of the function from a parameter as a JSON list', () => {
  const template = synthesizeConstructs((stack) => {
    const list = new CfnParameter(stack, 'Names', { type: 'CommaDelimitedList' });
    addTwoApis(stack, { ofFunction: list.valueAsList });
  });

  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({
        TOKEN_AUDIENCE: {
          'Fn::Join': ['', ['["', { 'Fn::Join': ['","', { Ref: 'Names' }] }, '"]']],
        },
      }),
    },
  });
});
