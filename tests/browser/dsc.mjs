// The Dynamic Sampling Context as it is written in a `baggage` value.

const PREFIX = 'sentry-';

/** The `sentry-` entries without their prefix, decoded. */
export function dscOf(baggage) {
  const entries = baggage.split(',').map((entry) => entry.trim().split('='));
  const ours = entries.filter(([key]) => key.startsWith(PREFIX));
  return Object.fromEntries(ours.map(([key, value]) => [key.slice(PREFIX.length), decodeURIComponent(value)]));
}

/** For comparison: the browser's SDK prints numbers again (`0.332200` as `0.3322`). */
export function normalised(dsc) {
  const numbers = ['sample_rand', 'sample_rate'].filter((key) => key in dsc);
  return { ...dsc, ...Object.fromEntries(numbers.map((key) => [key, Number(dsc[key])])) };
}
