// Chromium and Firefox with the settings of `fairlead browsers install`: do they know and take every policy, and what do they reach
// when they are started so as to go round? Started by ./run inside a network of its own:
//   node main.mjs FOLDER    FOLDER holds origin.key and origin.crt; everything is written there
// The names of hosts.mjs lead to this machine, so that whatever goes past the filter reaches the origins and is seen there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, writeConfig } from '../browsers/agent.mjs';
import { blocked } from '../browsers/hosts.mjs';
import { secret, startOrigins } from '../browsers/origin.mjs';
import * as chromium from './chromium.mjs';
import { tryChromium } from './chromium_ways.mjs';
import { tryFirefox } from './firefox_ways.mjs';

const folder = process.argv[2];
const categories = resolve(dirname(fileURLToPath(import.meta.url)), '../../../categories');
const program = process.env.FAIRLEAD_AGENT;
const counts = { passed: 0, failed: 0, skipped: 0 };
const served = await startOrigins(folder);
const [target] = blocked;

function check(what, problem) {
  counts[problem ? 'failed' : 'passed'] += 1;
  if (problem) console.log(`FAILED ${what}: ${problem}`);
}

function skip(what) {
  counts.skipped += 1;
  console.log(`SKIPPED ${what}`);
}

// ''  or what the command said
function fairlead(...words) {
  const done = spawnSync(program, words, { encoding: 'utf8' });
  return done.status === 0 ? '' : `${words.join(' ')} ended with ${done.status}: ${done.stdout}${done.stderr}`;
}

// '' when the page of a blocked host was not reached over either scheme, and the block page was seen in its place.
async function visit(browser) {
  const before = served.length;
  const opened = await browser.open(`http://${target.host}/`);
  const text = opened || await browser.evaluate('document.body.innerText');
  const reached = served.slice(before).filter((one) => one.includes(target.host));
  if (reached.length > 0 || text.includes(secret)) return `the origin was reached: ${reached.join(', ')}`;
  if (!text.includes(target.host) || !text.includes('not available')) return `this is no block page: ${text.slice(0, 300)}`;
  const secure = await browser.open(`https://${target.host}/`);
  if (!secure || served.length > before) return `over HTTPS: ${secure || 'it opened'}, ${served.slice(before).join(', ')}`;
  return '';
}

// The kinds of addresses that a page learns for a call: "udp", "tcp". Firefox never ends to look for one where it may offer none.
const callAddresses = `new Promise((resolve) => {
  const call = new RTCPeerConnection();
  const found = [];
  setTimeout(() => resolve(found.join(' ')), 5000);
  call.onicecandidate = ({candidate}) => {
    if (!candidate) resolve(found.join(' '));
    else if (candidate.candidate) found.push(candidate.candidate.split(' ')[2].toLowerCase());
  };
  call.createDataChannel('x');
  call.createOffer().then((offer) => call.setLocalDescription(offer));
})`;

// One start of a browser, and what comes of it.
async function trial(driver, what, options, look) {
  let browser;
  try {
    browser = await driver.start(options);
    await look(browser);
  } catch (error) {
    check(`${driver.name} ${what}`, error.stack);
  } finally {
    await browser?.stop();
  }
}

// It must not be reached, however the browser was started.
const closed = (driver, what, options) => trial(driver, what, options, async (browser) => {
  check(`${driver.name} ${what}`, await visit(browser));
});
// What settings cannot close is told: the firewall has to.
const told = (driver, what, options, prepare = async () => {}) => trial(driver, what, options, async (browser) => {
  await prepare(browser);
  const problem = await visit(browser);
  console.log(`${problem.startsWith('the origin was reached') ? 'LEFT TO THE FIREWALL' : 'CLOSED BY NOW'} ${driver.name} ${what}`);
});

const world = { check, skip, closed, told, trial, visit, served, callAddresses, folder, target, program };
mkdirSync(join(folder, 'state'));
writeConfig(categories, join(folder, 'config'));
const agent = new Agent(program, join(folder, 'config'), join(folder, 'state'));
try {
  await agent.start();
  const install = ({ extensions } = { extensions: [] }) => {
    writeFileSync(join(folder, 'policy.yaml'), JSON.stringify({ cover: { profile: 'strict', extensions } }));
    check('the settings are put in place', fairlead('browsers', 'install', '--config', folder, '--state', agent.state));
  };
  const uninstall = () => check('the settings are taken away', fairlead('browsers', 'uninstall', '--state', agent.state));
  for (const [browser, tryIt] of [[chromium.program, tryChromium], ['/usr/bin/firefox-esr', tryFirefox]]) {
    if (existsSync(browser)) await tryIt({ ...world, install, uninstall });
    else skip(`${browser} is not there`);
  }
} catch (error) {
  check('it gets to the end', error.stack);
  console.log(agent.log.split('\n').slice(-20).join('\n'));
} finally {
  await agent.stop();
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed ? 1 : 0);
