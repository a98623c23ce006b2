// A service in front of the server: adds headers to the requests for documents and may rewrite the documents.

import http from 'node:http';
import { bytes, listen } from './listener.mjs';

/**
 * @param {string} target address of the server behind
 * @param {{headers?: [string, string][], rewrite?: (html: string) => string}} changes
 *   `headers` may name one header several times; a character of a value is one byte on the wire
 */
export async function startUpstream(target, { headers = [], rewrite = (html) => html }) {
  return listen(async (request, response) => {
    const isDocument = request.headers['sec-fetch-dest'] === 'document';
    const answer = await forward(target, request, isDocument ? headers : []);
    const body = await bytes(answer);
    response.writeHead(answer.statusCode, contentHeaders(answer));
    response.end(isDocument ? rewrite(body.toString()) : body);
  });
}

function forward(target, { url, method, rawHeaders }, added) {
  const headers = [...rawHeaders, ...added.flat()];
  return new Promise((resolve, reject) => {
    http.request(target + url, { method, headers }, resolve).on('error', reject).end();
  });
}

function contentHeaders(answer) {
  return { 'content-type': answer.headers['content-type'] ?? 'application/octet-stream' };
}
