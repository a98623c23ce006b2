// A service in front of the server: adds headers to the requests for documents and may rewrite or keep the documents.

import http from 'node:http';
import { bytes, listen } from './listener.mjs';

/**
 * @param {string} target address of the server behind
 * @param {{headers?: [string, string][], rewrite?: (html: string) => string, keeps?: boolean}} changes
 *   `headers` may name one header several times; a character of a value is one byte on the wire;
 *   with `keeps` every request for a document is answered as the first one was, and still asked for
 */
export async function startUpstream(target, { headers = [], rewrite = (html) => html, keeps = false }) {
  let kept;
  return listen(async (request, response) => {
    const isDocument = request.headers['sec-fetch-dest'] === 'document';
    const fresh = await read(await forward(target, request, isDocument ? headers : []));
    if (isDocument) kept ??= fresh;
    const { status, fields, body } = isDocument && keeps ? kept : fresh;
    response.writeHead(status, fields);
    response.end(isDocument ? rewrite(body.toString()) : body);
  });
}

function forward(target, { url, method, rawHeaders }, added) {
  const headers = [...rawHeaders, ...added.flat()];
  return new Promise((resolve, reject) => {
    http.request(target + url, { method, headers }, resolve).on('error', reject).end();
  });
}

async function read(answer) {
  return { status: answer.statusCode, fields: passedOn(answer.headers), body: await bytes(answer) };
}

function passedOn({ 'content-type': type = 'application/octet-stream', 'server-timing': timing }) {
  return { 'content-type': type, ...(timing && { 'server-timing': timing }) };
}
