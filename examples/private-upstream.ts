import { App, Stack } from 'aws-cdk-lib';
import { RestApi, VpcLink } from 'aws-cdk-lib/aws-apigateway';
import { NetworkLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AuthorizerFunction, RestApiProtection } from '../lib';
import { exampleContext } from './example-context';

const stack = new Stack(new App(), 'PrivateUpstream');
const { upstream, ...authorizationServer } = exampleContext(stack);

// The load balancer in front of your API, in its VPC. Its certificate is for the host of the upstream's URL.
const loadBalancer = NetworkLoadBalancer.fromNetworkLoadBalancerAttributes(stack, 'LoadBalancer', {
  loadBalancerArn: stack.formatArn({
    service: 'elasticloadbalancing',
    resource: 'loadbalancer/net/orders',
    resourceName: '50dc6c495c0c9188',
  }),
  vpc: undefined,
});
const vpcLink = new VpcLink(stack, 'VpcLink', { targets: [loadBalancer] });

const api = new RestApi(stack, 'Orders', { binaryMediaTypes: ['*/*'] });
const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', authorizationServer);
const protection = new RestApiProtection(stack, 'Protection', {
  api,
  authorizerFunction,
  scopes: ['read'],
});

api.root
  .addResource('{proxy+}')
  .addMethod('ANY', protection.httpIntegration(`${upstream}/{proxy}`, { vpcLink }), {
    authorizer: protection.authorizer(),
  });
