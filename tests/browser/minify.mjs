// The scripts that the crate prints, made of the modules that people read.
//
//   node minify.mjs     writes them anew

import { readFileSync, writeFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const DIRECTORY = new URL('../../src/render/browser/', import.meta.url);

/** Each script by its name, as the modules whose functions it calls: the first with `Sentry` and the others. */
export const SCRIPTS = {
  route: ['route'],
  'navigation.htmx': ['navigation', 'htmx'],
  'navigation.turbo': ['navigation', 'turbo'],
};

export const printed = (script) => read(`${script}.min.js`);

export function minified(script) {
  const [first, ...others] = SCRIPTS[script].map(functionOf);
  const call = `(${first})(${['self.Sentry', ...others]})`;
  return transformSync(call, { minify: true, target: 'es2020' }).code.replace(/;?\n$/, '');
}

function functionOf(module) {
  return read(`${module}.js`).replace(/^[^]*?export default /, '').trimEnd();
}

function read(name) {
  return readFileSync(new URL(name, DIRECTORY), 'utf8');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const script of Object.keys(SCRIPTS)) writeFileSync(new URL(`${script}.min.js`, DIRECTORY), minified(script));
}
