import { App, Stack } from 'aws-cdk-lib';
import { RestApi, VpcLink } from 'aws-cdk-lib/aws-apigateway';
import { VpcLink as VpcLinkV2 } from 'aws-cdk-lib/aws-apigatewayv2';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AuthorizerFunction, RestApiProtection } from '../lib';
import { exampleContext } from './example-context';

const stack = new Stack(new App(), 'PrivateUpstream');
const { upstream, ...authorizationServer } = exampleContext(stack);

// Your VPC, and the internal load balancer in front of your API. The certificate of its HTTPS listener is for
// the host of the upstream's URL.
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0a1b2c3d',
  availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  privateSubnetIds: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'],
});
const loadBalancerArn = stack.formatArn({
  service: 'elasticloadbalancing',
  resource: 'loadbalancer/app/orders',
  resourceName: '50dc6c495c0c9188',
});

// A VPC link V2. The load balancer's security group must accept connections from that of the link.
const securityGroup = new SecurityGroup(stack, 'LinkSecurityGroup', { vpc });
const link = new VpcLinkV2(stack, 'VpcLink', { vpc, securityGroups: [securityGroup] });
const vpcLink = VpcLink.fromVpcLinkId(stack, 'RestVpcLink', link.vpcLinkId);

const api = new RestApi(stack, 'Orders', { binaryMediaTypes: ['*/*'] });
const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', authorizationServer);
const protection = new RestApiProtection(stack, 'Protection', {
  api,
  authorizerFunction,
  scopes: ['read'],
});

const integration = protection.httpIntegration(`${upstream}/{proxy}`, { vpcLink, loadBalancerArn });
api.root
  .addResource('{proxy+}')
  .addMethod('ANY', integration, { authorizer: protection.authorizer() });
