// The safeguarding lead's desk in real browsers, by mouse and by keyboard alone. Started by tests/system/run inside a network
// of its own:   node main.mjs FOLDER    everything is written there
// FAIRLEAD_AGENT names the agent, FAIRLEAD_SCREENSHOTS a folder for pictures. The last line is "N passed, N failed, N skipped".
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, writeConfig } from '../browsers/agent.mjs';
import * as chromium from '../browsers/chromium.mjs';
import * as firefox from '../browsers/firefox.mjs';
import { allowed, blocked } from '../browsers/hosts.mjs';
import { askFromAfar } from './far.mjs';
import { anAdminsMorning } from './it.mjs';
import { closes, deskHome, Hub, opens } from './fleet.mjs';
import { lookAtEveryPage, pagesOfALaptop, pagesOfAllLaptops } from './looks.mjs';
import { aLearnersAnswers, browsingWaits, newVersion } from './own.mjs';
import { aDay, anAppeal, consolePort, ofConsole } from './seed.mjs';

const folder = process.argv[2];
const categories = resolve(dirname(fileURLToPath(import.meta.url)), '../../../categories');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.FAIRLEAD_SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });
const home = `http://127.0.0.1:${consolePort}`;
const password = 'a long enough password';
// Of each run of IT's morning: a host that is opened for good, and a file that is loosened.
const eachRun = [['paddypower.com', 'content/weapons.yaml'], ['betfair.com', 'content/hate.yaml'],
  ['ladbrokes.com', 'contact/cyberbullying.yaml'], ['pokerstars.uk', 'contact/stalkerware.yaml']];
const counts = { passed: 0, failed: 0, skipped: 0 };

function check(what, problem) {
  counts[problem ? 'failed' : 'passed'] += 1;
  if (problem) console.log(`FAILED ${what}: ${problem}`);
}

// place: an agent or a hub.
function addAccount(place, name, role) {
  const done = spawnSync(process.env.FAIRLEAD_AGENT, ['user', 'add', name, '--role', role, '--state', place.state],
    { input: `${password}\n`, encoding: 'utf8' });
  check(`user add ${name}`, done.status !== 0 && done.stderr);
}

// What both ways of working share.
class Person {
  constructor(driver, browser, way) {
    Object.assign(this, { name: `${driver.name} by ${way}`, browser });
  }

  async see(what, expression) {
    try {
      await this.browser.waitFor(expression);
      check(`${this.name}: ${what}`);
    } catch (error) {
      check(`${this.name}: ${what}`, `${error.message.split('\n')[0]} at ${
        await this.browser.evaluate('location.href + ": " + document.querySelector("main")?.textContent.slice(0, 300)')}`);
    }
  }

  async accessible(what) {
    await this.browser.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
    await this.browser.evaluate(axeSource);
    const found = await this.browser.evaluate(`axe.run(document, {resultTypes: ['violations']}).then((all) =>
      all.violations.map((one) => one.id + ' ' + one.nodes[0].target + ': ' + one.help).join('; '))`);
    check(`${this.name}: axe on ${what}`, found);
  }
}

class ByMouse extends Person {
  go(selector) { return this.browser.click(selector); }
  fill(selector, words) { return this.browser.type(selector, words); }
  choose(selector) { return this.browser.click(selector); }
  // At the beginning of what stands there.
  async put(selector, words) {
    await this.browser.click(selector);
    await this.browser.evaluate(`document.querySelector(${JSON.stringify(selector)}).setSelectionRange(0, 0)`);
    await this.browser.write(words);
  }
}

// Nothing but Tab, Enter, Space and what is typed.
class ByKeyboard extends Person {
  async reach(selector) {
    const there = `document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`;
    for (let presses = 0; presses < 150; ++presses) {
      if (await this.browser.evaluate(there)) return;
      await this.browser.press('Tab');
    }
    throw new Error(`Tab never leads to ${selector}`);
  }

  async go(selector) { await this.reach(selector); await this.browser.press('Enter'); }
  async fill(selector, words) { await this.reach(selector); await this.browser.write(words); }
  put(selector, words) { return this.fill(selector, words); }
  // Tab stops once at a group of choices; arrows go on inside.
  async choose(selector) {
    const name = await this.browser.evaluate(`document.querySelector(${JSON.stringify(selector)}).name`);
    await this.reach(`input[name="${name}"]`);
    for (let presses = 0; presses < 12; ++presses) {
      if (await this.browser.evaluate(`document.querySelector(${JSON.stringify(selector)}).checked`)) return;
      await this.browser.press('ArrowDown');
    }
    throw new Error(`no arrow leads to ${selector}`);
  }
}

async function aLeadsMorning(person, note, state) {
  const { browser } = person;
  const title = (text) => `document.querySelector('h1')?.textContent.includes(${JSON.stringify(text)})`;
  await browser.open(`${home}/`);
  await person.go('a[href="/sign-in"]');
  await person.see('the sign-in page', title('Sign in'));
  await person.accessible('the sign-in page');
  await person.fill('#name', 'a-lead');
  await person.fill('#password', password);
  await person.go('main button');
  await person.see('what needs somebody', title('What needs you'));
  await person.accessible('the first page');
  await person.go('.menu a[href="/incidents"]');
  await person.see('the incidents', title('Incidents'));
  await person.accessible('the incidents');
  await person.go('.incident h3 a');
  await person.see('one incident', `location.pathname.startsWith('/incidents/') && document.querySelector('.timeline')`);
  await person.accessible('one incident');
  await person.choose(`input[name="state"][value="${state}"]`);
  await person.choose('input[name="route"][value="safeguarding"]');
  await person.fill('#note', note);
  await person.go('.review button');
  await person.see('the review is stored', `document.querySelector('[role="status"]') &&
    document.querySelector('.history')?.textContent.includes(${JSON.stringify(note)})`);
  await person.see('it says who decided', `document.querySelector('.history')?.textContent.includes('by a-lead')`);
  await person.go('.facts a[href^="/people/"]');
  await person.see('one person', `location.pathname.startsWith('/people/')`);
  await person.accessible('one person');
  await person.go('a[href$="/copy"]');
  await person.see('the copy for the person', title('What is recorded about'));
  await person.accessible('the copy');
  await person.go('.menu a[href="/access"]');
  await person.see('who looked', `document.querySelector('table')?.textContent.includes('copy for the person')`);
  await person.accessible('who looked');
  await person.go('.menu button');
  await person.see('signed out', title('Sign in'));
  await browser.open(`${home}/incidents`);
  await person.see('nothing without signing in', title('Sign in'));
}

// The same laptop, in a fleet from now on.
async function theDeskOfAllLaptops() {
  const hub = new Hub(process.env.FAIRLEAD_AGENT, join(folder, 'desk', 'hub'));
  addAccount(hub, 'a-lead', 'lead');
  addAccount(hub, 'an-admin', 'it');
  try {
    await hub.start(config);
    hub.takeIn(agent, check);
    for (const [driver, way, Way, host] of [[chromium, 'keyboard', ByKeyboard, 'williamhill.com'], [firefox, 'mouse', ByMouse, 'coral.co.uk']]) {
      if (!existsSync(driver.program)) continue;  // said above
      const browser = await driver.start();
      try {
        const person = new Way(driver, browser, way), what = { agent, host, own: home, password, check };
        await opens(person, what);
        await closes(person, what);
        if (driver === chromium) continue;
        await opens(person, { ...what, host: 'betvictor.com' });  // for the pictures
      } catch (error) {
        check(`the desk of all laptops, ${driver.name} by ${way}`, error.stack);
      } finally {
        await browser.stop();
      }
    }
    await lookAtEveryPage({ home: deskHome, pages: pagesOfAllLaptops, of: 'fleet-', password, axeSource, pictures, check });
  } finally {
    await hub.stop();
  }
}

const config = join(folder, 'desk', 'config');
const state = join(folder, 'desk', 'state');
mkdirSync(state, { recursive: true });
writeConfig(categories, config);
const agent = new Agent(process.env.FAIRLEAD_AGENT, config, state);
try {
  addAccount(agent, 'a-lead', 'lead');
  addAccount(agent, 'a-viewer', 'viewer');
  addAccount(agent, 'an-admin', 'it');
  await agent.start(() => ofConsole('/'));
  await aDay(agent, [...new Set(blocked.map((one) => one.host))].slice(0, 6), check);
  let run = 0;
  for (const driver of [chromium, firefox]) {
    if (!existsSync(driver.program)) {
      console.log(`SKIPPED ${driver.name}: there is no ${driver.program}`);
      counts.skipped += 1;
      continue;
    }
    for (const [way, Way] of [['mouse', ByMouse], ['keyboard', ByKeyboard]]) {
      const browser = await driver.start();
      try {
        const person = new Way(driver, browser, way);
        const last = driver === firefox && way === 'keyboard';
        await aLeadsMorning(person, `Spoke with them, ${driver.name} by ${way}`, last ? 'action_taken' : 'in_review');
        const [host, serious] = eachRun[run++];
        await anAppeal(agent, host, check);
        await anAdminsMorning(person, { home, password, host, serious });
        await newVersion(agent, config, `run ${run}`, 'ask');
        await aLearnersAnswers(person, { home, host });
      } catch (error) {
        check(`${driver.name} by ${way} gets to the end`, error.stack);
      } finally {
        await browser.stop();
      }
    }
  }
  await lookAtEveryPage({ home, pages: pagesOfALaptop, of: '', password, axeSource, pictures, check });
  await theDeskOfAllLaptops();
  await newVersion(agent, config, 'the last', 'wait');
  browsingWaits(agent, { config, home, host: allowed[0] }, check);
  const verified = agent.command('events', 'verify');
  check('events verify is clean', verified.code !== 0 && verified.out + verified.error);
} catch (error) {
  check('the desk gets to the end', error.stack);
  console.log(agent.log.split('\n').slice(-20).join('\n'));
} finally {
  await agent.stop();
}
await askFromAfar(new Agent(process.env.FAIRLEAD_AGENT, config, join(folder, 'desk', 'far')), password, check);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed ? 1 : 0);
