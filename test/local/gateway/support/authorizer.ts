import type { Invoke } from '../../../../local/gateway/integrations/lambda/invoke';
import { serve } from './servers';
import { apiTemplate, authorized, method, mock, resource } from './template';

export function result(Effect: 'Allow' | 'Deny', Resource = '*', context: object = {}) {
  return {
    payload: {
      principalId: 'alice',
      policyDocument: { Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }] },
      context,
    },
  };
}

function protectedApi(extra: Parameters<typeof apiTemplate>[0] = {}) {
  return apiTemplate({
    Orders: resource('orders'),
    OrdersAny: method('Orders', 'ANY', mock('orders'), authorized),
    Order: resource('{id}', 'Orders'),
    OrderGet: method('Order', 'GET', mock('order'), authorized),
    ...extra,
  });
}

export const asAlice = { headers: ['Authorization', 'Bearer opaque'] };

export async function serveWith(invoke: Invoke, extra = {}, options = {}) {
  const invocation = jest.fn(invoke);
  const served = await serve({ template: protectedApi(extra), invoke: invocation, ...options });
  return { ...served, invocation };
}
