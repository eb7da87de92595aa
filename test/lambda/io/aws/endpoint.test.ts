import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsEndpoint, awsRegion } from '../../../../lambda/io/aws/endpoint';
import { DYNAMODB, SECRETS_MANAGER } from '../../../../lambda/io/aws/services';

const REGIONS = [
  ...['us-east-1', 'us-west-2', 'eu-central-1', 'ap-southeast-7', 'sa-east-1', 'af-south-1'],
  ...['ca-west-1', 'me-central-1', 'il-central-1', 'mx-central-1', 'cn-north-1', 'cn-northwest-1'],
  ...['us-gov-east-1', 'us-gov-west-1', 'us-iso-east-1', 'us-iso-west-1', 'us-isob-east-1'],
  ...['eu-isoe-west-1', 'us-isof-south-1', 'us-isof-east-1', 'eusc-de-east-1'],
];
const FLAGS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

describe('awsEndpoint', () => {
  it.each([
    { service: DYNAMODB, Client: DynamoDBClient },
    { service: SECRETS_MANAGER, Client: SecretsManagerClient },
  ])(
    'the AWS endpoint is that of the SDK for $service.name, in every partition and variant',
    ({ service, Client }) => {
      const { endpointProvider } = new Client({ region: 'us-east-1' }).config;
      for (const Region of REGIONS) {
        for (const [UseFIPS, UseDualStack] of FLAGS) {
          // There are no FIPS endpoints in China, so that it matters to nobody what they would be called.
          if (UseFIPS && Region.startsWith('cn-')) continue;
          const environment = {
            AWS_REGION: Region,
            AWS_USE_FIPS_ENDPOINT: String(UseFIPS),
            AWS_USE_DUALSTACK_ENDPOINT: String(UseDualStack),
          };
          const { url } = endpointProvider({ Region, UseFIPS, UseDualStack });

          expect(awsEndpoint(service, environment).href).toBe(url.href);
        }
      }
    },
  );

  it.each([
    ['its own', { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1/' }, 'http://127.0.0.1:1/'],
    ["all services'", { AWS_ENDPOINT_URL: 'https://aws.test/x' }, 'https://aws.test/x'],
    [
      'its own before all',
      { AWS_ENDPOINT_URL: 'https://aws.test', AWS_ENDPOINT_URL_DYNAMODB: 'https://table.test' },
      'https://table.test/',
    ],
    [
      'no other service’s',
      { AWS_ENDPOINT_URL_SECRETS_MANAGER: 'https://secrets.test' },
      'https://dynamodb.eu-central-1.amazonaws.com/',
    ],
    [
      'none where they are to be ignored',
      {
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
        AWS_ENDPOINT_URL: 'https://aws.test',
        AWS_ENDPOINT_URL_DYNAMODB: 'https://table.test',
      },
      'https://dynamodb.eu-central-1.amazonaws.com/',
    ],
    [
      'none that is empty',
      { AWS_ENDPOINT_URL_DYNAMODB: '', AWS_ENDPOINT_URL: '' },
      'https://dynamodb.eu-central-1.amazonaws.com/',
    ],
  ])('the AWS endpoint is the one that the environment names: %s', (_, environment, expected) => {
    const endpoint = awsEndpoint(DYNAMODB, { AWS_REGION: 'eu-central-1', ...environment });

    expect(endpoint.href).toBe(expected);
  });

  it.each(['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'])(
    'the AWS endpoint is refused if the environment names one and sets %s',
    (variable) => {
      const environment = {
        AWS_REGION: 'x',
        AWS_ENDPOINT_URL: 'https://a.test',
        [variable]: 'TRUE',
      };

      expect(() => awsEndpoint(DYNAMODB, environment)).toThrow('neither FIPS nor dual stack');
    },
  );

  it.each([undefined, '', 'evil.example.com#', 'a/b', 'a b', '-a', 'A'])(
    'the AWS endpoint is refused for the region %j',
    (AWS_REGION) => {
      expect(() => awsEndpoint(DYNAMODB, { AWS_REGION })).toThrow('AWS_REGION names no region');
      expect(() => awsRegion({ AWS_REGION })).toThrow('AWS_REGION names no region');
    },
  );
});
