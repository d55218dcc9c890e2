// The desk over all laptops, which a hub shows: a learner asks for a site on a laptop of the fleet, the lead opens it from afar,
// sees that it is open, and closes it again with a word for the learner.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { signIn, signOut } from './it.mjs';
import { anAppeal, statusOf, throughProxy, visit } from './seed.mjs';

const deskPort = 3131, hubUrl = 'https://127.0.0.1:8443';
export const deskHome = `http://127.0.0.1:${deskPort}`;
const shows = (text) => `document.querySelector('main')?.textContent.includes(${JSON.stringify(text)})`;

async function until(what, holds) {
  for (let tries = 0; tries < 300; ++tries) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain until ${what}`);
}

export class Hub {
  constructor(program, state) {
    Object.assign(this, { program, state });
    this.command('hub', 'init', '--organisation', 'Test Trades');
  }

  command(...words) {
    const done = spawnSync(this.program, [...words, '--state', this.state], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${words.join(' ')} ended with ${done.status}: ${done.stderr}`);
    return done.stdout.trim();
  }

  async start(config) {
    this.process = spawn(this.program, ['hub', 'serve', '--state', this.state, '--listen', '127.0.0.1:8443', '--host', '127.0.0.1',
      '--console', `127.0.0.1:${deskPort}`, '--config', config], { stdio: 'ignore' });
    await until('the hub answers', async () => await statusOf(deskPort, '/sign-in') === 200);
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await ended;
  }

  fingerprint() {
    const done = spawnSync('openssl', ['x509', '-in', join(this.state, 'authority.pem'), '-noout', '-fingerprint', '-sha256'], { encoding: 'utf8' });
    return done.stdout.trim().split('=')[1].replaceAll(':', '').toLowerCase();
  }

  // Its learners are those of a training centre.
  takeIn(agent, check) {
    const code = this.command('hub', 'code', '--group', 'learners', '--site', 'Leeds');
    const joined = agent.command('fleet', 'join', hubUrl, '--code', code, '--authority', this.fingerprint(), '--name', 'Laptop 7');
    check('the laptop joins the fleet', joined.code !== 0 && joined.out + joined.error);
  }
}

async function tell(agent, host, wanted) {
  await until(`the laptop has ${host} ${wanted}`, async () => {
    agent.command('fleet', 'update');
    return (await throughProxy(host, visit) === 403) === (wanted === 'closed');
  });
}

// host: stopped on the laptop.
export async function opens(person, { agent, host, password, check }) {
  await anAppeal(agent, host, check);
  await signIn(person, deskHome, 'a-lead', password);
  agent.command('fleet', 'update');
  await until('the desk has the appeal', async () => {
    await person.browser.open(`${deskHome}/appeals`);
    return person.browser.evaluate(shows(host));
  });
  await person.accessible('appeals of all laptops');
  await person.browser.open(`${deskHome}/appeals`);
  await person.go('.cards details summary');
  await person.fill('.cards details[open] input[name="owner"]', 'R. Site');
  await person.fill('.cards details[open] input[name="reason"]', 'A course on roofs');
  await person.go('.cards details[open] button.main');
  await person.see('the answer is stored', shows('The answer is stored'));
  await tell(agent, host, 'open');
  await person.go('.menu a[href="/opened"]');
  await person.see('what is open, and where', `${shows(host)} && ${shows('A course on roofs')} && ${shows('Open until the end of')}`);
  await person.accessible('what is open');
  await signOut(person);
}

// own: the laptop's console.
export async function closes(person, { agent, host, own, password, check }) {
  await signIn(person, deskHome, 'a-lead', password);
  await person.go('.menu a[href="/opened"]');
  await person.see('what can be closed', `${shows(host)} && ${shows('Close it')}`);
  await person.go('.cards details summary');
  await person.fill('.cards details[open] textarea', 'The course is over.');
  await person.go('.cards details[open] button');
  await person.see('it is closed', shows('It is closed here.'));
  await person.accessible('what was open');
  await tell(agent, host, 'closed');
  await signOut(person);
  await until('the learner can read it', async () => {
    await person.browser.open(`${own}/answers`);
    return person.browser.evaluate(shows('It was open for a time, and is closed again. The course is over.'));
  });
  check(`${person.name}: whoever asked reads that it is closed`);
}
