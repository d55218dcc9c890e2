// What a learner does without signing in: agrees to how the laptop is used, reads answers, takes a copy; and that browsing waits
// where the policy says so.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { proxyPort } from '../browsers/agent.mjs';

const title = (text) => `document.querySelector('h1')?.textContent.includes(${JSON.stringify(text)})`;
const shows = (text) => `document.querySelector('main')?.textContent.includes(${JSON.stringify(text)})`;

// Another version of the policy: what was agreed to before is asked anew.
export async function newVersion(agent, config, version, required) {
  const path = join(config, 'policy.yaml');
  const policy = readFileSync(path, 'utf8').replace(/^version: .*$/m, `version: "${version}"`)
    .replace(/^( *)required: (off|ask|wait)$/m, `$1required: ${required}`);
  writeFileSync(path, policy);
  const reloaded = agent.command('reload');
  if (reloaded.code !== 0) throw new Error(reloaded.out + reloaded.error);
}

export async function aLearnersAnswers(person, { home, host }) {
  await person.browser.open(`${home}/`);
  await person.go('a[href="/agreement"]');
  await person.see('what is asked', title('How this laptop is used'));
  await person.accessible('the agreement');
  await person.go('main form button');
  await person.see('it is given', `document.querySelector('[role="status"]')?.textContent.includes('You agreed')`);
  await person.browser.open(`${home}/`);
  await person.go('a[href="/answers"]');
  await person.see('the answer', `[...document.querySelectorAll('.cards li')].some((one) =>
    one.textContent.includes(${JSON.stringify(host)}) && one.textContent.includes('It is open now'))`);
  await person.accessible('the answers');
  await person.browser.open(`${home}/recorded`);
  await person.go('a[href="/recorded/copy"]');
  await person.see('the copy', title('Everything recorded about me'));
  await person.see('the entry in it', shows(host));
  await person.accessible('the copy');
}

// As an account of a person, which root is not: held up until they have agreed.
export function browsingWaits(agent, { config, home, host }, check) {
  appendFileSync('/etc/passwd', 'a-learner:x:4711:4711::/nonexistent:/usr/sbin/nologin\n');  // a copy, in a namespace of its own
  const as = (...command) => spawnSync('setpriv', ['--reuid', '4711', '--regid', '4711', '--clear-groups', ...command], { encoding: 'utf8' });
  const curl = (url, ...more) => as('curl', '-s', '-i', '-m', '10', '-x', `http://127.0.0.1:${proxyPort}`, ...more, url);
  const before = agent.events().length;
  const held = curl(`http://${host}/`).stdout;
  check('browsing waits', !held.startsWith('HTTP/1.1 511 ') && held.split('\r\n')[0]);
  check('the page says where to answer', !held.includes('http://127.0.0.1:3129/agreement') && held);
  const tunnel = curl(`https://${host}/`).stdout;
  check('a tunnel waits', !tunnel.startsWith('HTTP/1.1 511 ') && tunnel.split('\r\n')[0]);
  check('nothing is recorded of it', agent.events().length !== before && 'there is an event');
  const made = agent.command('ca', 'create', '--config', config);
  check('an authority is made', made.code !== 0 && made.out + made.error);
  agent.command('reload');
  const inside = curl(`https://${host}/page`, '-k').stdout;
  check('with an authority the page is shown inside the tunnel', !inside.includes('HTTP/1.1 511 ') && inside);
  check('still nothing is recorded of it', agent.events().length !== before && 'there is an event');
  const page = as('curl', '-s', `${home}/agreement`).stdout;
  const id = page.match(/name="agreement" value="([^"]+)"/)?.[1] ?? '';
  as('curl', '-s', '-H', 'Sec-Fetch-Site: same-origin', '--data-urlencode', `agreement=${id}`, `${home}/agreement`);
  const after = curl(`http://${host}/`).stdout;
  check('and goes on afterwards', after.startsWith('HTTP/1.1 511 ') && 'it still waits');
}
