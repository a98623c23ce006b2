// An HTTP server on a free loopback port.

import { once } from 'node:events';
import http from 'node:http';

export async function listen(handler) {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  server.keepAliveTimeout = 0; // the Rust SDK drops an envelope whose connection ends as it is sent
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

/** The whole body of a request or a response. */
export async function bytes(message) {
  const chunks = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
