import { WebSocket } from 'ws';
import { failureOf, isFromProxy, proxyRefusal } from '../wayOut';
import type { OpenSocket } from './connection';

/**
 * The socket of the feeds. Loaded with the first connection, not before. It goes through Node's `http` and `https`,
 * so that the editor's proxy and certificates serve it as they serve the requests.
 */

const maxFrameBytes = 16 * 1024 * 1024;
const handshakeMs = 10_000;

/** No error leaves this function as it is: it could hold the address, which has the token in it. */
export const openSocket: OpenSocket = (url, events) =>
  new Promise((resolve, reject) => {
    let over = false;
    const closed = (reason: string): void => {
      if (over) return;
      over = true;
      events.closed(reason);
      reject(new Error(reason));
    };
    const socket = new WebSocket(url, {
      maxPayload: maxFrameBytes,
      handshakeTimeout: handshakeMs,
      followRedirects: false,
    });
    socket.on('open', () =>
      resolve({
        send: (text) => socket.send(text),
        close: () => socket.terminate(),
      }),
    );
    socket.on('message', (data) => events.message(textOf(data)));
    socket.on('unexpected-response', (request, { statusCode = 0 }) => {
      closed(isFromProxy(url, request.socket) ? proxy(proxyRefusal(statusCode).code) : `HTTP ${statusCode}`);
      request.destroy();
    });
    socket.on('error', (error) => {
      const { failure, code } = failureOf(error);
      closed(failure === 'proxy' ? proxy(code) : code);
    });
    socket.on('close', (code) => closed(String(code)));
  });

const proxy = (what: string): string => `the proxy did not open the way: ${what}`;

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
