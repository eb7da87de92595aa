import { assertAnswered } from '../../../lambda/core/response-members';
import { faultWith, thrownBy } from '../../support/faults';
import { httpResponse } from '../../support/minting';

describe('assertAnswered', () => {
  it.each([
    [401, 'introspection_rejected_client'],
    [400, 'introspection_response_invalid'],
    [503, 'introspection_unavailable'],
  ] as const)('the fault of a response with status %d names its OAuth error', (status, code) => {
    const type = 'application/json';
    const faultOf = (error: string) =>
      thrownBy(() => assertAnswered(httpResponse({ error }, type, status), type));
    const detail = `the authorization server responded ${status}`;

    expect(faultOf('invalid_request')).toEqual(faultWith(code, `${detail} invalid_request`));
    expect(faultOf('Sesame-7f3a')).toHaveProperty('message', `${code}: ${detail}`);
  });

  it('the fault of a response with another media type names both', () => {
    const response = httpResponse('', 'Text/HTML; charset=utf-8');

    expect(thrownBy(() => assertAnswered(response, 'application/jwt'))).toHaveProperty(
      'message',
      'introspection_response_invalid: the media type of the response is text/html instead of application/jwt',
    );
  });
});
