import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IConstruct } from 'constructs';
import { type Referent, referentOf } from '../cdk/referent';
import { assertProp } from '../validation/prop-error';

/** Returns the resource of an API if this app declares it, also as an L1 construct that is imported by its ref. */
export function declaredApi(referent: Referent): CfnRestApi | CfnApi | undefined {
  return referent instanceof CfnRestApi || referent instanceof CfnApi ? referent : undefined;
}

/**
 * Returns what the ID of an API refers to.
 *
 * @throws PropError if it has none, as an L1 construct.
 */
export function apiReferentOf(api: IConstruct, id: string | undefined): Referent {
  assertProp(
    'api',
    api.node.path,
    'must be a RestApi or an HttpApi: import an L1 construct by its ref, with fromRestApiAttributes() or fromHttpApiAttributes()',
    id !== undefined,
  );
  return referentOf(api, id);
}
