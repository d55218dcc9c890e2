// Row 5's competitors: the engines of uBlock Origin and Ghostery over the same lists and requests, in a process that has
// run long enough for its code to be compiled.
//   node browser_blockers.mjs ubo|ghostery REQUESTS BLOCKED LIST ...
// BLOCKED gets a line "0" or "1" a request; prints one line of JSON.

import { readFileSync, writeFileSync } from 'node:fs';

const ROUNDS = 9;
const GROUP = 256;
const [name, requestsPath, blockedPath, ...lists] = process.argv.slice(2);
const requests = readFileSync(requestsPath, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
const texts = lists.map((path) => readFileSync(path, 'utf8'));

const TYPES = { xhr: 'xmlhttprequest', fetch: 'xmlhttprequest' };

async function makeUbo() {
  const { StaticNetFilteringEngine } = await import('@gorhill/ubo-core');
  const engine = await StaticNetFilteringEngine.create();
  await engine.useLists(texts.map((raw, i) => ({ name: `list-${i}`, raw })));
  return ({ url, frameUrl, type }) => engine.matchRequest({ originURL: frameUrl, url, type }) === 1;
}

async function makeGhostery() {
  const { FiltersEngine, Request } = await import('@ghostery/adblocker');
  const engine = FiltersEngine.parse(texts.join('\n'), { loadCosmeticFilters: false });
  return ({ url, frameUrl, type }) => engine.match(Request.fromRawDetails({ url, sourceUrl: frameUrl, type })).match;
}

const begin = performance.now();
const judge = await (name === 'ubo' ? makeUbo() : makeGhostery());
const buildMs = performance.now() - begin;

for (const request of requests) request.type = TYPES[request.cpt] ?? request.cpt;
const blocked = requests.map((request) => judge(request));
// As in material.hpp: of each group of requests its fastest round.
const best = new Array(Math.ceil(requests.length / GROUP)).fill(Infinity);
for (let round = 0; round < ROUNDS; ++round) {
  for (let group = 0; group < best.length; ++group) {
    const end = Math.min((group + 1) * GROUP, requests.length);
    const start = performance.now();
    for (let i = group * GROUP; i < end; ++i) judge(requests[i]);
    best[group] = Math.min(best[group], performance.now() - start);
  }
}
writeFileSync(blockedPath, blocked.map((one) => (one ? '1\n' : '0\n')).join(''));
console.log(JSON.stringify({
  us: (best.reduce((sum, time) => sum + time) * 1000) / requests.length,
  blocked: blocked.filter(Boolean).length,
  build_ms: buildMs,
  requests: requests.length,
}));
