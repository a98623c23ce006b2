// Envelopes are read in every content encoding that an SDK uses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { decode, parseEnvelope } from './envelope.mjs';

const TEXT = Buffer.from('{"trace":{"trace_id":"7"}}\n{"type":"event"}\n{"message":"ä"}\n');

const ENCODED = {
  '': TEXT,
  identity: TEXT,
  gzip: zlib.gzipSync(TEXT),
  GZIP: zlib.gzipSync(TEXT),
  deflate: zlib.deflateSync(TEXT),
  br: zlib.brotliCompressSync(TEXT),
  'gzip, br': zlib.brotliCompressSync(zlib.gzipSync(TEXT)),
  ...(zlib.zstdCompressSync && { zstd: zlib.zstdCompressSync(TEXT) }),
};

for (const [encoding, bytes] of Object.entries(ENCODED)) {
  test(`content encoding "${encoding}"`, () => {
    assert.deepEqual(decode(bytes, encoding), TEXT);
  });
}

test('deflate without the zlib frame', () => {
  assert.deepEqual(decode(zlib.deflateRawSync(TEXT), 'deflate'), TEXT);
});

test('an encoding nobody knows is refused', () => {
  assert.throws(() => decode(TEXT, 'rot13'), /rot13/);
});

test('items with and without a length, and a payload that is not JSON', () => {
  const bytes = Buffer.from('{}\n{"type":"event"}\n{"message":"ä"}\n{"type":"attachment","length":3}\na\nb\n{"type":"event"}\n1');
  assert.deepEqual(parseEnvelope(bytes), {
    header: {},
    items: [
      { header: { type: 'event' }, payload: { message: 'ä' } },
      { header: { type: 'attachment', length: 3 }, payload: Buffer.from('a\nb') },
      { header: { type: 'event' }, payload: 1 },
    ],
  });
});

test('an item cut short is refused', () => {
  assert.throws(() => parseEnvelope(Buffer.from('{}\n{"type":"event","length":9}\n{}')), /7 bytes early/);
});
