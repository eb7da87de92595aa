import { createReference } from './reference';

/** Function that reads an item and parses nothing, on a connection that is open before the first event. */
const { getItem } = createReference({
  dynamoDbEndpoint: process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
  introspectionEndpoint: process.env['INTROSPECTION_ENDPOINT'] ?? '',
});

export const prepare = () => getItem('none');

export const handler = () => getItem('reference');
