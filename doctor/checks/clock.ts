import { type Finding, fault, info, ok, warn } from '../check';
import type { TimedResponse } from '../probes/get';

/** Difference that is not reported, in seconds. */
const TOLERATED_SECONDS = 5;

/**
 * Checks the clock of the authorization server against the clock of this machine.
 *
 * @param toleranceSeconds by which the server's clock can run ahead before `nbf` denies a new token.
 */
export function checkClock(replies: readonly TimedResponse[], toleranceSeconds: number): Finding[] {
  const differences = replies.flatMap(clockDifference);
  if (differences.length === 0) return [info('no response has a Date header to compare')];
  const smallest = Math.min(...differences.map(Math.abs));
  const seconds = Math.round(differences.find((it) => Math.abs(it) === smallest) ?? 0);
  if (smallest <= TOLERATED_SECONDS) return [ok('the clocks agree')];
  const message = `the clock of the authorization server is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the clock of this machine`;
  const advice =
    'Synchronize both clocks (NTP). A clock ahead denies new tokens after token.notBeforeToleranceSeconds; a clock behind lets expired tokens pass, or denies good ones.';
  return [smallest > toleranceSeconds ? fault(message, advice) : warn(message, advice)];
}

/**
 * Returns by how many seconds the server's clock is ahead, at least; negative if it is behind. `Date` has whole
 * seconds and was written between request and response. Responses of a cache are skipped.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
 */
function clockDifference({ response, sentAt, receivedAt }: TimedResponse): number[] {
  const date = Date.parse(String(response.headers['date'])) / 1000;
  if (Number.isNaN(date) || response.headers['age'] !== undefined) return [];
  if (date > receivedAt) return [date - receivedAt];
  return [Math.min(0, date + 1 - sentAt)];
}
