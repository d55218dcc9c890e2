// What Firefox ESR says of its policies, and the ways round them that a person at the laptop has.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as firefox from '../browsers/firefox.mjs';

const direct = { 'network.proxy.type': 0 };
const system = ['--remote-allow-system-access'];

// Runs an expression with the rights of Firefox itself.
async function inside(browser, expression) {
  const { contexts } = await browser.ask('browsingContext.getTree', { 'moz:scope': 'chrome' });
  const done = await browser.ask('script.evaluate', { expression, target: { context: contexts[0].context }, awaitPromise: true });
  if (done.type === 'exception') throw new Error(done.exceptionDetails.text);
  return done.result.value;
}
const insideJson = async (browser, expression) => JSON.parse(await inside(browser, `JSON.stringify(${expression})`));

async function checkPolicies({ check }, browser, preferencesKnown) {
  const { policies } = JSON.parse(readFileSync('/etc/firefox/policies/policies.json', 'utf8'));
  const failures = await insideJson(browser,
    'ChromeUtils.importESModule("resource://gre/modules/PoliciesHelpers.sys.mjs").PolicyFailures.getAll()');
  check('firefox has no complaint about a policy', Object.keys(failures).length ? JSON.stringify(failures) : '');
  const active = await insideJson(browser, 'Services.policies.getActivePolicies()');
  for (const name of Object.keys(policies)) check(`firefox takes the policy ${name}`, name in active ? '' : 'it is not active');
  const locked = Object.fromEntries(Object.entries(policies.Preferences).map(([name, { Value }]) => [name, Value]));
  Object.assign(locked, { 'network.proxy.type': 1, 'network.proxy.http': '127.0.0.1', 'network.proxy.http_port': 3128,
    'network.proxy.ssl': '127.0.0.1', 'network.proxy.ssl_port': 3128, 'network.proxy.no_proxies_on': '', 'network.trr.mode': 5,
    'network.dns.echconfig.enabled': false, 'network.dns.disablePrefetch': true, 'browser.ipProtection.enabled': false });
  for (const [name, wanted] of Object.entries(locked)) {
    const get = { boolean: 'getBoolPref', number: 'getIntPref', string: 'getStringPref' }[typeof wanted];
    const [value, isLocked] = await insideJson(browser, `[Services.prefs.${get}(${JSON.stringify(name)}), Services.prefs.prefIsLocked(${JSON.stringify(name)})]`);
    check(`firefox has locked ${name}`, value === wanted && isLocked ? '' : `it is ${value}, locked: ${isLocked}`);
    check(`firefox knows ${name}`, preferencesKnown.has(name) ? '' : 'it does not, without the policy');
  }
}

// Without a policy: the names of settings that this Firefox has.
async function knownPreferences(browser) {
  const names = await insideJson(browser, 'Services.prefs.getDefaultBranch("").getChildList("")');
  return new Set(names);
}

function makeExtension(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ manifest_version: 2, name: 'Past the proxy', version: '1',
    permissions: ['proxy', '<all_urls>'], background: { scripts: ['background.js'] },
    browser_specific_settings: { gecko: { id: 'past@example.com' } } }));
  writeFileSync(join(folder, 'background.js'), "browser.proxy.onRequest.addListener(() => ({type: 'direct'}), {urls: ['<all_urls>']});\n");
  return folder;
}
const load = (browser, folder) => browser.ask('webExtension.install', { extensionData: { type: 'path', path: folder } })
  .then(() => '', (error) => error.message);

export async function tryFirefox(world) {
  const { check, closed, told, trial, install, uninstall, folder, visit, callAddresses } = world;
  const start = (what, options, look) => trial(firefox, what, options, look);
  const extension = makeExtension(join(folder, 'firefox-extension'));

  // Each look finds something as long as there are no settings.
  let known;
  await start('without settings', { own: direct, flags: [...system, '-private-window'] }, async (browser) => {
    check('firefox without settings reaches the origin', (await visit(browser)).startsWith('the origin was reached') ? '' : 'it did not');
    await browser.open('http://www.allowed.example/');
    const addresses = await browser.evaluate(callAddresses);
    check('firefox without settings offers UDP for calls', addresses.includes('udp') ? '' : addresses);
    check('firefox without settings loads any extension', await load(browser, extension));
    check('firefox without settings has private windows', (await insideJson(browser, 'PrivateBrowsingUtils.enabled')) ? '' : 'it has none');
    known = await knownPreferences(browser);
  });

  install();
  await start('with settings', { own: direct, flags: [...system, '-private-window'] }, async (browser) => {
    await checkPolicies(world, browser, known);
    check('firefox has no private windows', (await insideJson(browser,
      'PrivateBrowsingUtils.enabled || [...Services.wm.getEnumerator("navigator:browser")].some((one) => PrivateBrowsingUtils.isWindowPrivate(one))'))
      ? 'it has' : '');
    for (const page of ['about:config', 'about:profiles']) check(`firefox does not open ${page}`, (await browser.open(page)) ? '' : 'it opens');
    check('firefox opens an allowed page', await browser.open('http://www.allowed.example/'));
    const addresses = await browser.evaluate(callAddresses);
    check('firefox offers no UDP for calls', addresses.includes('udp') ? addresses : '');
    check('firefox opens the local pages', await browser.open('http://127.0.0.1:3129/why'));
    check('firefox does not load an extension that is not on the list', (await load(browser, extension)) ? '' : 'it is there');
    check('firefox is stopped', await visit(browser));
  });
  const profiles = {
    'a profile that says direct': direct,
    'a profile that says another proxy': { 'network.proxy.type': 1, 'network.proxy.http': '127.0.0.1', 'network.proxy.http_port': 80 },
    'a profile with exceptions': { 'network.proxy.no_proxies_on': '*, .com' },
    'a profile with a script': { 'network.proxy.type': 2,
      'network.proxy.autoconfig_url': 'data:application/x-ns-proxy-autoconfig,function FindProxyForURL(){return "DIRECT"}' },
    'a profile that names policies of its own': { ...direct, 'toolkit.policies.perUserDir': true, 'browser.policies.alternatePath': '/dev/null' },
    'a profile with QUIC and names looked up elsewhere': { 'network.http.http3.enable': true, 'network.trr.mode': 3, 'network.trr.uri': 'https://192.0.2.9/' },
  };
  for (const [what, own] of Object.entries(profiles)) await closed(firefox, what, { own });
  for (const flags of [['-private-window'], ['-P', 'other'], ['-new-instance']]) await closed(firefox, flags.join(' '), { own: direct, flags });

  mkdirSync(join(folder, 'own', 'firefox', 'policies'), { recursive: true });
  writeFileSync(join(folder, 'own', 'firefox', 'policies', 'policies.json'), '{"policies": {"Proxy": {"Mode": "none"}}}');
  await closed(firefox, 'MOZ_SYSTEM_CONFIG_DIR with policies of their own', { own: direct, environment: { MOZ_SYSTEM_CONFIG_DIR: join(folder, 'own') } });
  await told(firefox, '--remote-allow-system-access, through which a program unlocks the settings', { own: direct, flags: system },
    (browser) => inside(browser, 'Services.prefs.unlockPref("network.proxy.type"); Services.prefs.setIntPref("network.proxy.type", 0); ""'));
  uninstall();
}
