import { CfnGatewayResponse } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import { resourcesWith } from '../../cdk/construct-tree';
import type { Referent } from '../../cdk/referent';

/** Gateway responses of an API that this app declares: those of its protection and those of the app. */
export class DeclaredGatewayResponses {
  constructor(
    private readonly protection: IConstruct,
    private readonly api: Referent,
  ) {}

  all(): readonly CfnGatewayResponse[] {
    return resourcesWith(this.protection, CfnGatewayResponse, 'restApiId', this.api);
  }

  ofApp(): readonly CfnGatewayResponse[] {
    return this.all().filter((it) => !this.isOwn(it));
  }

  /** Returns a fault for each response of the app whose type the protection defines too. */
  faults(): readonly string[] {
    const types = new Set(
      this.all()
        .filter((it) => this.isOwn(it))
        .map((it) => it.responseType),
    );
    const { path } = this.protection.node;
    return this.ofApp()
      .filter(({ responseType }) => types.has(responseType))
      .map(
        ({ node, responseType }) =>
          `${node.path}: defines ${responseType}, which ${path} defines too: an API can have one of ` +
          'each type. Remove it, and give its headers and body to the protection as responseHeaders and ' +
          'responseTemplates',
      );
  }

  private isOwn({ node }: IConstruct): boolean {
    return node.scopes.includes(this.protection);
  }
}
