import { Logger } from '@aws-lambda-powertools/logger';
import { composeFunction } from './composition';

// Once per execution environment, so that a faulty configuration fails before the first request.
const { handler, prepare } = composeFunction(process.env, new Logger());

export {
  /** Lambda handler: the REQUEST authorizer, and the events of operators. */
  handler,
  /** Prepares the first request. The entry point awaits it while Lambda initializes the environment. */
  prepare,
};
