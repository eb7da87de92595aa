import { html } from '/lit-html/lit-html.js';
import { clock, count, shorten, statusClass } from '../text.mjs';
import { exchange } from './exchange.mjs';

/** Parties from left to right. */
export const LANES = ['Client', 'Gateway', 'Authorizer', 'AWS', 'Auth. server', 'Upstream'];
const [CLIENT, GATEWAY, AUTHORIZER, AWS, SERVER, UPSTREAM] = LANES.keys();

/** Outcomes of operations of the token cache. */
const TABLE_OUTCOMES = {
  'no-result': 'no result',
  result: 'a sealed result',
  'result-expired': 'a result that has expired',
  'lease-acquired': 'acquired the lease to introspect',
  'result-stored': 'stored the sealed result',
  'item-changed': 'changed the item',
  conflict: 'another environment was faster',
  failed: 'failed, which counts as a miss',
};

/** Returns the steps of a request in order, as between the parties of the README's diagram. */
export function stepsOf(request) {
  return [
    ...arrival(request),
    ...(request.authorizer ? authorizerSteps(request, request.authorizer) : []),
    ...departure(request),
  ];
}

function arrival({ method, target, credential, resultCache }) {
  const sent = {
    absent: html`no <code>Authorization</code>`,
    malformed: html`<code class="opaque">${shorten(credential.token ?? '')}</code>`,
    accepted: html`${credential.scheme} <code class="opaque">${shorten(credential.token ?? '')}</code>`,
  };
  return [
    {
      step: 'request',
      ...between(CLIENT, GATEWAY),
      title: `${method} ${target}`,
      text: sent[credential.verdict],
    },
    ...(resultCache.verdict === 'unused' ? [] : [resultCacheStep(resultCache)]),
  ];
}

function resultCacheStep({ verdict, lifetime }) {
  const until = lifetime ? ` until ${clock(lifetime.toMs)}` : '';
  return {
    step: 'result-cache',
    ...at(GATEWAY),
    title: 'Result cache',
    kind: verdict,
    text:
      verdict === 'hit' ? `hit, kept${until}` : `miss${until && `, keeps the new result${until}`}`,
  };
}

function authorizerSteps(request, { durationMs, isColdStart, memoryCache, calls }) {
  const { credential, decision } = request;
  return [
    {
      step: 'invoke',
      ...between(GATEWAY, AUTHORIZER),
      title: 'Invoke',
      text: isColdStart ? 'the function, in a new environment (cold start)' : 'the function',
    },
    {
      step: 'credential',
      ...at(AUTHORIZER),
      title: 'Credential',
      kind: credential.verdict === 'accepted' ? 'hit' : 'denied',
      text: credentialText(credential),
    },
    ...(memoryCache === 'unused'
      ? []
      : [
          {
            step: 'memory-cache',
            ...at(AUTHORIZER),
            title: 'Memory cache',
            text: memoryCache,
            kind: memoryCache,
          },
        ]),
    ...calls.map(callStep),
    {
      step: 'decision',
      ...between(AUTHORIZER, GATEWAY),
      title: DECISIONS[decision.outcome],
      kind:
        decision.outcome === 'allow' ? 'hit' : decision.outcome === 'fault' ? 'faulty' : 'denied',
      text: decisionText(request),
      durationMs,
    },
  ];
}

const DECISIONS = {
  allow: 'Allow',
  unauthorized: 'Unauthorized',
  forbidden: 'Deny',
  fault: 'Fault',
  none: '',
};

function credentialText({ verdict, scheme, token }) {
  if (verdict !== 'accepted') return verdict;
  return `scheme ${scheme}, ${count(token.length, 'character')}`;
}

function decisionText({ checks, decision, jwt }) {
  if (decision.outcome === 'fault') return html`<code>${decision.fault?.code}</code>`;
  const passed = checks.filter(({ verdict }) => verdict === 'passed').length;
  const failed = checks.find(({ verdict }) => verdict === 'failed');
  if (failed)
    return `${failed.name}: got ${failed.received ?? 'none'}, expected ${failed.expected}`;
  return html`${count(passed, 'check')} passed${jwt ? html`, JWT <code class="jwt">${shorten(jwt)}</code>` : ''}`;
}

function callStep(call) {
  if (call.to === 'table') return tableStep(call);
  if (call.to === 'secrets') {
    const kind = call.status === 200 ? '' : 'faulty';
    const text = `${call.operation}: ${call.status}, the value stays hidden`;
    return {
      step: 'secret',
      ...between(AUTHORIZER, AWS),
      title: 'Secret',
      text,
      kind,
      durationMs: call.durationMs,
    };
  }
  if (call.response === undefined) return unseenIntrospection(call);
  const { request, response, durationMs } = call;
  const type = response.headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  return {
    step: 'introspection',
    ...between(AUTHORIZER, SERVER),
    title: `POST ${request.path}`,
    kind: statusClass(response.status) === 'good' ? 'hit' : 'denied',
    text: `${response.status} ${response.status === 204 ? 'not active' : type.split(';')[0]}`,
    durationMs,
    content: exchange(call),
  };
}

/** Step of an introspection of which only the log is known. */
function unseenIntrospection({ durationMs, fault }) {
  return {
    step: 'introspection',
    ...between(AUTHORIZER, SERVER),
    title: 'Introspection',
    kind: fault ? 'faulty' : 'hit',
    text: fault ? html`failed: <code>${fault}</code>` : 'at a server outside local mode',
    durationMs,
  };
}

function tableStep({ operation, outcome, sealedBytes, expiresAtMs, durationMs }) {
  const size = sealedBytes ? `, ${count(sealedBytes, 'byte')}` : '';
  const expiry = expiresAtMs ? `, until ${clock(expiresAtMs)}` : '';
  const kinds = { result: 'hit', failed: 'faulty', 'no-result': 'miss' };
  return {
    step: `table-${outcome}`,
    ...between(AUTHORIZER, AWS),
    title: `Token cache ${operation}`,
    text: `${TABLE_OUTCOMES[outcome]}${size}${expiry}`,
    kind: kinds[outcome] ?? '',
    durationMs,
  };
}

function departure({ upstream, status, gatewayResponse, route, jwt }) {
  const response = {
    step: 'response',
    ...between(GATEWAY, CLIENT),
    title: String(status),
    kind: statusClass(status) === 'good' ? 'hit' : statusClass(status),
    text: gatewayResponse
      ? html`to the client, gateway response <code>${gatewayResponse}</code>`
      : 'to the client',
  };
  if (upstream === undefined) {
    return route === undefined
      ? [{ ...response, text: 'to the client: there is no such route' }]
      : [response];
  }
  return [
    {
      step: 'upstream',
      ...between(GATEWAY, UPSTREAM),
      title: upstream.target,
      text: upstream.jwtHeader
        ? html`with <code class="jwt">${shorten(jwt)}</code>`
        : 'without a JWT',
    },
    {
      step: 'upstream-response',
      ...between(UPSTREAM, GATEWAY),
      title: String(upstream.status),
      text: 'of the upstream',
      durationMs: upstream.durationMs,
    },
    response,
  ];
}

const between = (from, to) => ({ from, to });
const at = (lane) => ({ from: lane, to: lane });
