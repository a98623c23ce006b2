// A Sentry envelope: one header line, then items of a header line and a payload.
// https://develop.sentry.dev/sdk/foundations/transport/envelopes/

import zlib from 'node:zlib';

const DECODERS = {
  identity: (bytes) => bytes,
  gzip: zlib.gunzipSync,
  'x-gzip': zlib.gunzipSync,
  deflate: inflate,
  br: zlib.brotliDecompressSync,
  zstd: zlib.zstdDecompressSync, // undefined before Node 22.15
};

/** The bytes of a request body before its `Content-Encoding` was applied; several are undone from the last to the first. */
export function decode(bytes, contentEncoding = '') {
  return encodings(contentEncoding).reduceRight((encoded, name) => {
    const decoder = DECODERS[name];
    if (!decoder) throw new Error(`content encoding ${name} is not supported by this Node`);
    return decoder(encoded);
  }, bytes);
}

/** @returns {{header: object, items: {header: object, payload: any}[]}} */
export function parseEnvelope(bytes) {
  const reader = new Reader(bytes);
  const header = JSON.parse(reader.line());
  const items = [];
  while (!reader.atEnd()) {
    const line = reader.line();
    if (line) items.push(item(JSON.parse(line), reader));
  }
  return { header, items };
}

function item(header, reader) {
  const payload = header.length === undefined ? reader.line() : reader.bytes(header.length);
  return { header, payload: json(payload) };
}

function json(payload) {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

function encodings(contentEncoding) {
  return contentEncoding.toLowerCase().split(',').map((name) => name.trim()).filter(Boolean);
}

// "deflate" is zlib by the standard and bare by habit.
function inflate(bytes) {
  const isZlib = (bytes[0] & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
  return isZlib ? zlib.inflateSync(bytes) : zlib.inflateRawSync(bytes);
}

class Reader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  atEnd() {
    return this.#at >= this.#bytes.length;
  }

  line() {
    const newline = this.#bytes.indexOf(10, this.#at);
    const end = newline < 0 ? this.#bytes.length : newline;
    const line = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return line;
  }

  bytes(length) {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    if (bytes.length < length) throw new Error(`item ends ${length - bytes.length} bytes early`);
    this.#at += length;
    return bytes;
  }
}
