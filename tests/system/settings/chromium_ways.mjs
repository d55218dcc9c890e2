// What Chromium says of its policies, and the ways round them that a person at the laptop has.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as chromium from './chromium.mjs';

const folders = { 'Google Chrome': '/etc/opt/chrome/policies/managed', 'Microsoft Edge': '/etc/opt/edge/policies/managed' };
const documentIn = (folder) => JSON.parse(readFileSync(join(folder, 'zz-fairlead.json'), 'utf8'));

// JSON without regard to the order of keys
const sorted = (value) => (value && typeof value === 'object' && !Array.isArray(value)
  ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value);
const asShown = (value) => (typeof value === 'string' ? value : JSON.stringify(sorted(value)));
const normal = (text) => { try { return asShown(JSON.parse(text)); } catch { return text; } };

// The tests steer Chromium from outside, which the settings forbid: a file that counts for more allows that alone. Chromium tells of
// the conflict, and takes the last file in the order of names, as ours counts for more than an administrator's.
const managed = '/etc/chromium/policies/managed';
const steering = { RemoteDebuggingAllowed: true };
const allowance = join(managed, 'zzz-test.json');

// What Chromium says when it is asked to let itself be steered: where, or that it may not.
function askToBeSteered(folder) {
  const browser = spawn(chromium.program, ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0',
    `--user-data-dir=${join(folder, 'steered')}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve) => {
    let said = '';
    const timer = setTimeout(() => browser.kill(), 60000);
    browser.stderr.on('data', (bytes) => {
      said += bytes;
      if (/DevTools (listening|remote debugging)/.test(said)) browser.kill();
    });
    browser.once('exit', () => {
      clearTimeout(timer);
      resolve(/DevTools (listening|remote debugging).*/.exec(said)?.[0] ?? said);
    });
  });
}

async function checkPolicies({ check, skip }, browser) {
  const rows = await chromium.policies(browser);
  const ours = { ...documentIn(managed), ...steering };
  const known = new Set(rows.map((row) => row.name));
  const set = rows.filter((row) => row.value);
  for (const [name, value] of Object.entries(ours)) {
    const row = set.find((one) => one.name === name);
    check(`chromium takes the policy ${name}`, !row ? 'chrome://policy does not have it'
      : row.says !== (name in steering ? 'Warning, Conflict' : 'OK') || row.level !== 'Mandatory' || row.errors ? JSON.stringify(row)
        : normal(row.value) === asShown(value) ? '' : `it has ${row.value}`);
  }
  const others = set.filter((row) => !(row.name in ours));
  check('chromium has no policy that is not ours, and none that it does not know', others.length ? JSON.stringify(others) : '');
  for (const [name, folder] of Object.entries(folders)) {
    for (const policy of Object.keys(documentIn(folder))) {
      if (known.has(policy)) check(`${name} shares the policy ${policy}`, '');
      else skip(`${name} is not here, and its policy ${policy} is none of Chromium's: its name was not checked`);
    }
  }
}

export async function tryChromium(world) {
  const { check, closed, told, trial, uninstall, folder, visit, callAddresses, target } = world;
  const start = (what, options, look) => trial(chromium, what, options, look);

  const extension = chromium.makeExtension(join(folder, 'extension'));
  const load = [`--load-extension=${extension.folder}`, `--disable-extensions-except=${extension.folder}`];
  const itsPage = `chrome-extension://${extension.id}/page.html`;

  const install = (wanted) => {
    rmSync(allowance, { force: true });
    world.install(wanted);
    writeFileSync(allowance, JSON.stringify(steering));
  };

  // Each look finds something as long as there are no settings.
  const before = await askToBeSteered(folder);
  check('chromium without settings lets itself be steered', before.startsWith('DevTools listening') ? '' : before);
  await start('without settings', { flags: ['--no-proxy-server', ...load] }, async (browser) => {
    check('chromium without settings loads any extension', await browser.open(itsPage));
    check('chromium without settings reaches the origin', (await visit(browser)).startsWith('the origin was reached') ? '' : 'it did not');
    await browser.open('http://www.allowed.example/');
    const addresses = await browser.evaluate(callAddresses);
    check('chromium without settings offers UDP for calls', addresses.includes('udp') ? '' : addresses);
    await browser.open('chrome://policy/test');
    check('chromium without settings has a page to try policies', await browser.evaluate('document.title') === 'Policy Tests' ? '' : 'it has none');
  });

  world.install();
  const after = await askToBeSteered(folder);
  check('chromium does not let itself be steered', after.includes('disallowed') ? '' : after);
  install();
  await start('with settings', {}, async (browser) => {
    await checkPolicies(world, browser);
    await browser.open('chrome://policy/test');
    const title = await browser.evaluate('document.title');
    check('chromium has no page to try policies', title === 'Policy Tests' ? 'it has one' : '');
    check('chromium opens an allowed page', await browser.open('http://www.allowed.example/'));
    const addresses = await browser.evaluate(callAddresses);
    check('chromium offers no UDP for calls', addresses.includes('udp') ? addresses : '');
    check('chromium opens the local pages', await browser.open('http://127.0.0.1:3129/why'));
    check('chromium is stopped', await visit(browser));
  });
  const flags = [['--no-proxy-server'], ['--proxy-server=direct://'], ['--proxy-server=127.0.0.1:80'], ['--proxy-bypass-list=*'],
    ['--proxy-auto-detect'], ['--proxy-pac-url=data:application/x-ns-proxy-autoconfig,function FindProxyForURL(){return "DIRECT"}'],
    ['--host-resolver-rules=MAP * 127.0.0.1'], ['--enable-quic', `--origin-to-force-quic-on=${target.host}:443`],
    ['--incognito'], ['--guest'], ['--enable-features=EncryptedClientHello,DnsOverHttps'], ['--profile-directory=Other'],
    ['--winhttp-proxy-resolver', '--no-system-proxy-config-service']];
  for (const some of flags) await closed(chromium, some.join(' '), { flags: some });
  await closed(chromium, 'a profile that says direct', { preferences: { proxy: { mode: 'direct' } } });

  await start('an extension that is not on the list', { flags: load }, async (browser) => {
    check('chromium does not load an extension that is not on the list', (await browser.open(itsPage)) ? '' : 'it is there');
    check('chromium is stopped with it', await visit(browser));
  });
  // Whatever is in a folder can say that it is one of the list.
  install({ extensions: [extension.id] });
  await start('an extension under an id of the list', { flags: load }, async (browser) => {
    check('chromium takes the list', (await chromium.policies(browser)).find((row) => row.name === 'ExtensionSettings')?.says === 'OK' ? '' : 'it does not');
    check('chromium does not load a folder under an id of the list', (await browser.open(itsPage)) ? '' : 'it is there');
  });
  install();

  await told(chromium, '--host-resolver-rules that put another proxy in the place of the filter',
    { flags: ['--host-resolver-rules=MAP 127.0.0.1:3128 127.0.0.1:80'] });
  rmSync(allowance);
  uninstall();
}
