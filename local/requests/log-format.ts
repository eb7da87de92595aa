/** Formats of the log: one line for each request, or the lines of the functions and the gateway. */
export const LOG_FORMATS = ['pretty', 'json'] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];
