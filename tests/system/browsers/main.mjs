// Real browsers through the running agent to real origins. Started by tests/system/run inside a network of its own:
//   node main.mjs FOLDER    FOLDER holds origin.key and origin.crt; everything is written there
// FAIRLEAD_AGENT names the agent, FAIRLEAD_SCREENSHOTS a folder for pictures. The last line is "N passed, N failed, N skipped".
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, forgetSchedules, saysOf, writeConfig } from './agent.mjs';
import { runBlockedOverTls } from './blocked_over_tls.mjs';
import * as chromium from './chromium.mjs';
import * as firefox from './firefox.mjs';
import { blocked } from './hosts.mjs';
import { startOrigins } from './origin.mjs';
import { runScenarios } from './scenarios.mjs';

const folder = process.argv[2];
const categories = resolve(dirname(fileURLToPath(import.meta.url)), '../../../categories');
const pictures = process.env.FAIRLEAD_SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });
const counts = { passed: 0, failed: 0, skipped: 0 };

function checker(name) {
  return (what, problem) => {
    counts[problem ? 'failed' : 'passed'] += 1;
    if (problem) console.log(`FAILED ${name}: ${what}: ${problem}`);
  };
}

// Runs `visit(world)` with an agent that has a folder of its own, `prepare(agent)` before it starts.
async function withAgent(driver, part, served, prepare, visit) {
  const check = checker(driver.name);
  const config = join(folder, driver.name, part, 'config');
  const state = join(folder, driver.name, part, 'state');
  mkdirSync(state, { recursive: true });
  writeConfig(categories, config);
  const agent = new Agent(process.env.FAIRLEAD_AGENT, config, state);
  try {
    prepare(agent, check);
    await agent.start();
    await visit({ name: driver.name, agent, served, check });
    const verified = agent.command('events', 'verify');
    check('events verify is clean', verified.code === 0 ? '' : verified.out + verified.error);
  } catch (error) {
    check(`the browser gets to the end (${part})`, error.stack);
    console.log(agent.log.split('\n').slice(-20).join('\n'));
  } finally {
    await agent.stop();
  }
}

async function visitSites(world, driver) {
  const browser = await driver.start();
  try {
    const picture = (file) => (pictures ? browser.picture(pictures, `${driver.name}-${file}`) : undefined);
    const says = (one) => saysOf(world.agent.config, one.risk, one.category);
    await runScenarios({ ...world, browser, picture }, blocked.map((one) => ({ ...one, says: says(one) })));
  } finally {
    await browser.stop();
  }
}

function makeAuthority(agent, check) {
  forgetSchedules(agent.config);
  const made = agent.command('ca', 'create', '--config', agent.config, '--device', 'lap-7');
  check('ca create', made.code === 0 ? '' : made.error);
}

async function tryBrowser(driver, served) {
  await withAgent(driver, 'sites', served, () => {}, (world) => visitSites(world, driver));
  await withAgent(driver, 'authority', served, makeAuthority, (world) => runBlockedOverTls(world, driver));
}

const served = await startOrigins(folder);
for (const driver of [chromium, firefox]) {
  if (existsSync(driver.program)) {
    await tryBrowser(driver, served);
  } else {
    console.log(`SKIPPED ${driver.name}: there is no ${driver.program}`);
    counts.skipped += 1;
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed ? 1 : 0);
