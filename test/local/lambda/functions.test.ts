import type { FunctionDefinition } from '../../../local/lambda/function';
import { type FunctionHost, Functions } from '../../../local/lambda/functions';
import { resolveTemplate } from '../../../local/template/resolve';

const fn = (rules: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'authorizer',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Environment: { Variables: { RULES: rules } },
  },
});
const version = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } };
const live = (id: string) => ({
  Type: 'AWS::Lambda::Alias',
  Properties: {
    FunctionName: { Ref: 'Fn' },
    FunctionVersion: { 'Fn::GetAtt': [id, 'Version'] },
    Name: 'live',
  },
});
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:authorizer';

function start() {
  const recycled: string[] = [];
  const functions = new Functions((definition: FunctionDefinition): FunctionHost => {
    const { arn, version: number = '$LATEST', environment } = definition;
    return {
      invoke: async () => ({ payload: `${environment['RULES']} ${number}` }),
      recycle: () => recycled.push(arn),
      close: async () => undefined,
    };
  });
  const deploy = (Resources: object) =>
    functions.deploy(resolveTemplate({ Resources }, { stackName: 'Stack' }), () => '/asset');
  return { functions, deploy, recycled };
}

describe('the functions of a stack', () => {
  it('a published version stays the same when the function is updated', async () => {
    const { functions, deploy } = start();
    deploy({ Fn: fn('one'), V1: version });
    deploy({ Fn: fn('two'), V1: version, V2: version });

    expect(await functions.invoke(`${ARN}:1`, {})).toEqual({ payload: 'one 1' });
    expect(await functions.invoke(`${ARN}:2`, {})).toEqual({ payload: 'two 2' });
    expect(await functions.invoke(ARN, {})).toEqual({ payload: 'two $LATEST' });
  });

  it('an alias invokes the version that it points to now', async () => {
    const { functions, deploy } = start();
    deploy({ Fn: fn('one'), V1: version, Live: live('V1') });
    expect(await functions.invoke(`${ARN}:live`, {})).toEqual({ payload: 'one 1' });
    deploy({ Fn: fn('two'), V1: version, V2: version, Live: live('V2') });

    expect(await functions.invoke(`${ARN}:live`, {})).toEqual({ payload: 'two 2' });
  });

  it('a version is deleted with its declaration in the template', async () => {
    const { functions, deploy, recycled } = start();
    deploy({ Fn: fn('one'), V1: version });
    deploy({ Fn: fn('one') });

    await expect(functions.invoke(`${ARN}:1`, {})).rejects.toThrow(`no function ${ARN}:1`);
    expect(recycled).toEqual([`${ARN}:1`]);
  });

  it('a deployment keeps the environments of unchanged functions', () => {
    const { functions, deploy, recycled } = start();
    deploy({ Fn: fn('one'), V1: version });
    deploy({ Fn: fn('one'), V1: version });

    expect([recycled, functions.hosts.length]).toEqual([[], 2]);
  });

  it('names a version whose function is not in the template', () => {
    const { deploy } = start();

    expect(() => deploy({ V1: { ...version, Properties: { FunctionName: 'elsewhere' } } })).toThrow(
      'function of V1 must be in the template, got: ',
    );
  });

  it('names the routing of an alias that divides its requests between versions', () => {
    const { deploy } = start();
    const alias = live('V1');
    const Properties = { ...alias.Properties, RoutingConfig: {} };

    expect(() => deploy({ Fn: fn('one'), V1: version, Live: { ...alias, Properties } })).toThrow(
      'RoutingConfig',
    );
  });
});
