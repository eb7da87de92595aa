import type { IntrospectionExchange } from '../../authorization-server/introspection-exchange';
import type { AwsCall } from '../../aws/operation-observer';
import type { ObservedService } from '../../stack/stack-observer';
import type { AuthorizerCall } from './model';
import type { Observed, ServiceCall } from './observed';
import { describeTableCall } from './table-call';

/** Returns the calls of the authorizer to other systems, in the order of their arrival. */
export function authorizerCalls(observed: Observed): readonly AuthorizerCall[] {
  const { serviceCalls, introspections } = observed;
  const services = serviceCalls.map(({ receivedAtMs: at, call }) => ({ at, call }));
  const exchanges = introspections.map((exchange) => ({
    at: exchange.receivedAtMs,
    call: describeIntrospection(exchange),
  }));
  const calls = [...services, ...exchanges]
    .sort((one, other) => one.at - other.at)
    .map(({ call }) => call);
  const unseen = unseenIntrospections(observed);
  // A result is stored after the introspection.
  const stored = calls.findIndex((call) => 'outcome' in call && call.outcome === 'result-stored');
  return stored < 0 ? [...calls, ...unseen] : calls.toSpliced(stored, 0, ...unseen);
}

/** Returns the introspections of which only the log is known. */
function unseenIntrospections({ exchange, introspections }: Observed): readonly AuthorizerCall[] {
  if (introspections.length > 0) return [];
  const { introspectionsMs, fault } = exchange.record.log;
  const seen = introspectionsMs.map(
    (durationMs) => ({ to: 'authorization-server', durationMs }) as const,
  );
  if (fault === undefined || !fault.code.startsWith('introspection_')) return seen;
  return [{ to: 'authorization-server', durationMs: introspectionsMs[0], fault: fault.code }];
}

/** Describes a call of an embedded AWS service, without its bodies. */
export function describeServiceCall(service: ObservedService, call: AwsCall): ServiceCall {
  const describe = service === 'DynamoDB' ? describeTableCall : describeSecretCall;
  return { receivedAtMs: call.receivedAtMs, call: describe(call) };
}

/** Describes a call without the value of the secret. */
function describeSecretCall({ operation, status, durationMs }: AwsCall): AuthorizerCall {
  return { to: 'secrets', operation, status, durationMs };
}

function describeIntrospection(exchange: IntrospectionExchange): AuthorizerCall {
  const { durationMs, request, response } = exchange;
  return {
    to: 'authorization-server',
    durationMs,
    request: {
      path: request.path,
      headers: Object.entries(request.headers),
      form: Object.entries(request.form),
    },
    response: { ...response, headers: Object.entries(response.headers) },
  };
}
