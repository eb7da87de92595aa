import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Rejection } from '../../browser-guard';
import { close, listen, type PortChoice } from '../../http-server';
import { parseJson } from '../../json';
import { ActionError, type ActionResult } from '../actions';
import type { Feed } from '../events/feed';
import { rejectionOf } from './guard';
import { SECURITY_HEADERS } from './headers';
import { readStaticFiles, type StaticFile } from './static-files';

interface InspectorServerOptions {
  readonly port: PortChoice;
  readonly feed: Feed;
  /**
   * Performs an action.
   *
   * @throws ActionError with a sentence for the developer.
   */
  readonly perform: (name: string, input: unknown) => Promise<ActionResult>;
  /** Maximum size of the events that a page has not received yet, in bytes. Default: that of a complete history. */
  readonly maxUnsentBytes?: number;
}

/** Size that a history of 200 events with bodies cannot exceed, in bytes. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

/** Maximum size of the input of an action, in bytes. */
const MAX_INPUT_BYTES = 64 * 1024;

/**
 * Serves the page, its events and its actions on loopback.
 *
 * @throws PortTakenError if another program listens on the port.
 */
export async function serveInspector({
  port,
  feed,
  perform,
  maxUnsentBytes = MAX_UNSENT_BYTES,
}: InspectorServerOptions) {
  const files = readStaticFiles();
  let url: URL;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const rejection = rejectionOf(request, url);
    if (rejection) return reject(response, rejection);
    const { method = '', url: target = '/' } = request;
    const [, name] = /^\/actions\/([\w-]+)$/.exec(target) ?? [];
    const file = files.get(target);
    if (name !== undefined) {
      if (method !== 'POST') return rejectMethod(response, 'POST');
      return act(request, response, name);
    }
    if (target !== '/events' && file === undefined) {
      return reject(response, { status: 404, message: 'no such page' });
    }
    if (method !== 'GET') return rejectMethod(response, 'GET');
    if (file) return sendFile(response, file);
    streamEvents(response);
  }

  async function act(request: IncomingMessage, response: ServerResponse, name: string) {
    const input = await readInput(request);
    if (input === undefined) {
      return reject(response, { status: 400, message: 'the input must be JSON of at most 64 KB' });
    }
    try {
      sendJson(response, 200, await perform(name, input));
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      reject(response, { status: 400, message: error.message });
    }
  }

  /**
   * Streams the events. Disconnects a page that does not read them; it gets the history when it reconnects.
   *
   * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
   */
  function streamEvents(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const end = feed.subscribe((event) => {
      response.write(`data: ${JSON.stringify(event)}\n\n`);
      if (response.writableLength > maxUnsentBytes) response.destroy();
    });
    response.on('close', end);
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => {
      // The message could quote a token.
      if (response.headersSent) response.destroy();
      else reject(response, { status: 500, message: 'internal error' });
    });
  });
  url = await listen(server, port);
  return { url, close: () => close(server) };
}

/** Reads the input of an action; `undefined` if it is not JSON, or too large. */
async function readInput(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_INPUT_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_INPUT_BYTES ? undefined : parseJson(Buffer.concat(chunks).toString('utf8'));
}

function sendFile(response: ServerResponse, { type, content }: StaticFile): void {
  response.writeHead(200, { 'Content-Type': type }).end(content);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function reject(response: ServerResponse, { status, message }: Rejection): void {
  sendJson(response, status, { message });
}

function rejectMethod(response: ServerResponse, allowed: string): void {
  response.setHeader('Allow', allowed);
  reject(response, { status: 405, message: `the method must be ${allowed}` });
}
