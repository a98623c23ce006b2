// Envelopes of the Rust SDK in a form that Spotlight shows well.

/** The bytes of an envelope, with all times as seconds: of other forms Spotlight reads whole milliseconds only. */
export function mended({ header, items }) {
  const lines = items.flatMap((item) => [{ type: item.header.type }, inSeconds(item.payload)]);
  return Buffer.from([header, ...lines].map((line) => JSON.stringify(line)).join('\n'));
}

function inSeconds(payload) {
  const spans = payload.spans?.map(inSeconds);
  return { ...payload, timestamp: seconds(payload.timestamp), ...(spans && { spans }) };
}

function seconds(time) {
  if (typeof time !== 'string') return time;
  const [, whole, fraction = ''] = /^(.*?)(\.\d+)?Z$/.exec(time);
  return Date.parse(`${whole}Z`) / 1000 + Number(`0${fraction}`);
}
