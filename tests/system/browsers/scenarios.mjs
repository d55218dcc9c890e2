// What a person meets in a browser behind the agent, the same for every browser. `check(what, problem)` counts: no problem,
// passed. Each blocked host is visited once, so that its events can be counted.
import { uploadHash, secret } from './origin.mjs';

const seconds = (begin) => `${((Date.now() - begin) / 1000).toFixed(1)} s`;

// "" when `got` is what was expected, else a sentence.
function differs(got, expected) {
  return got === expected ? '' : `got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`;
}

async function allowedPage(world, scheme) {
  const { browser, check, agent } = world;
  const before = agent.events().length;
  check(`${scheme}: an allowed page opens`, await browser.open(`${scheme}://www.allowed.example/`));
  check(`${scheme}: its title`, differs(await browser.evaluate('document.title'), 'Course notes'));
  await browser.evaluate('window.loaded');
  check(`${scheme}: fetch`, differs(await browser.evaluate("document.getElementById('fetched').textContent"), 'fetched'));
  check(`${scheme}: image`, differs(await browser.evaluate("document.getElementById('drawing').naturalWidth"), 120));
  check(`${scheme}: WebSocket`, differs(await browser.evaluate("window.echo('can you hear me?')"), 'can you hear me?'));
  const large = 'x'.repeat(200000);
  check(`${scheme}: a large WebSocket message`, differs(await browser.evaluate(`window.echo('x'.repeat(${large.length}))`), large));
  check(`${scheme}: a chunked download of 16 MiB`, differs(await browser.evaluate('window.download()'), 16 * 1024 * 1024));
  check(`${scheme}: a range`, differs(await browser.evaluate('window.part()'), '206 10'));
  const begin = Date.now();
  check(`${scheme}: an upload of 64 MiB arrives whole`, differs(await browser.evaluate('window.upload()'), uploadHash));
  console.log(`${world.name}: ${scheme} upload of 64 MiB took ${seconds(begin)}`);
  check(`${scheme}: allowed browsing makes no event`, differs(agent.events().length, before));
  await world.picture(`allowed-${scheme}`);
}

// The block page over HTTP; returns the id that it shows.
async function blockedPage(world, { host, category, says }) {
  const { browser, check, agent, served } = world;
  const before = agent.events().length;
  const reached = served.length;
  check(`${host}: the block page opens`, await browser.open(`http://${host}/`));
  const text = await browser.evaluate('document.body.innerText');
  check(`${host}: the origin's page is not there`, text.includes(secret) ? 'it is' : '');
  check(`${host}: the origin was not asked`, differs(served.length, reached));
  check(`${host}: it names the site`, text.includes(host) ? '' : text);
  check(`${host}: it says why`, text.includes(says) ? '' : `no "${says}" in: ${text}`);
  const id = await browser.evaluate("document.querySelector('.reference')?.textContent ?? ''");
  check(`${host}: it shows a reference`, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(id) ? '' : id);
  const events = agent.events().slice(before);
  check(`${host}: exactly one event`, events.length === 1 ? '' : JSON.stringify(events.map((event) => `${event.method} ${event.url}`)));
  check(`${host}: with the reference, the category and the host`,
    differs([events[0]?.id, events[0]?.category, events[0]?.host, events[0]?.kind].join(' '), [id, category, host, 'blocked'].join(' ')));
  check(`${host}: told as a visit`, differs(events[0]?.navigation, 'yes'));
  await world.picture(`blocked-${category}`);
  return id;
}

async function pressesButton(world, { id, kind, words }) {
  const { browser, check, agent } = world;
  const form = `form:has(input[name="kind"][value="${kind}"])`;
  if (words) await browser.type(`${form} textarea[name="words"]`, words);
  const before = agent.events().length;
  await browser.click(`${form} button`);
  await browser.waitFor("document.querySelector('h1')?.textContent === 'Thank you'");
  const reports = agent.event(id).reports ?? [];
  check(`button "${kind}": the answer is stored with the event`,
    differs(JSON.stringify(reports.map((report) => [report.kind, report.words ?? ''])), JSON.stringify([[kind, words ?? '']])));
  check(`button "${kind}": it makes no event of its own`, differs(agent.events().length, before));
  await world.picture(`thanks-${kind}`);
}

async function blockedOverTls(world, { host, category }) {
  const { browser, check, agent, served } = world;
  const before = agent.events().length;
  const reached = served.length;
  const error = await browser.open(`https://${host}/`);
  check(`https ${host}: the browser says that it cannot open it`, error ? '' : 'it opened');
  const events = agent.events().slice(before);
  const told = events.map((event) => `${event.method} ${event.host} ${event.category}`);
  const expected = `CONNECT ${host} ${category}`;
  check(`https ${host}: one event for each CONNECT`,
    told.length >= 1 && told.length <= browser.connectTries && told.every((one) => one === expected) ? '' : JSON.stringify(told));
  check(`https ${host}: the origin was not asked`, differs(served.length, reached));
}

// A page that is allowed shows something that is not: the page lives, the part is missing.
async function blockedPart(world, { host }) {
  const { browser, check, agent } = world;
  check('an allowed page with a blocked picture opens', await browser.open('http://www.allowed.example/'));
  const before = agent.events().length;
  // An empty picture takes its place; the origin's is 120 wide.
  const width = await browser.evaluate(`window.picture('http://${host}/drawing.svg')`);
  check('a blocked picture is not shown', width <= 1 ? '' : `it is ${width} wide`);
  const events = agent.events().slice(before);
  check('a blocked picture makes one event', differs(events.length, 1));
  check('a blocked picture is no visit', events[0]?.navigation === 'yes' ? 'it was told as one' : '');
  check('the page lives on', differs(await browser.evaluate('document.title'), 'Course notes'));
}

export async function runScenarios(world, blocked) {
  const [first, second, third] = blocked;
  await allowedPage(world, 'http');
  await allowedPage(world, 'https');
  const traces = world.agent.traces('allowed.example');
  world.check('allowed browsing leaves no trace', traces.length ? `found in ${traces.join(', ')}` : '');
  const accident = await blockedPage(world, first);
  await pressesButton(world, { id: accident, kind: 'accident' });
  const wrong = await blockedPage(world, second);
  await pressesButton(world, { id: wrong, kind: 'wrong', words: 'We build <b>their</b> stage & "bar".' });
  await blockedOverTls(world, third);
  await blockedPart(world, third);
}
