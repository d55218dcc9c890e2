// Blocked HTTPS sites in a stock browser of a laptop whose authority is installed (`fairlead ca install`): each shows the block page
// under its own address. The laptop's settings are copies that tests/system/run has mounted.
import { secret } from './origin.mjs';
import { overTls, preloaded } from './hosts.mjs';

const bar = 1000;  // milliseconds to the page: counted and printed
const limit = 20000;  // what no run may take

const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)];

async function opensNothing(world, driver, when) {
  const browser = await driver.start({ trusting: false });
  try {
    world.check(`${when}: a blocked HTTPS site is an error of the browser's`, (await browser.open(`https://${overTls[0]}/`)) ? '' : 'it opened');
  } finally {
    await browser.stop();
  }
}

async function showsPage({ check, served }, browser, host) {
  // Typed without "https", a preloaded name becomes HTTPS in the browser itself.
  const begin = performance.now();
  const error = await browser.open(`${preloaded.includes(host) ? 'http' : 'https'}://${host}/`);
  const text = error ? '' : await browser.evaluate('document.body.innerText');
  const took = performance.now() - begin;
  check(`${host} opens`, error || (took < limit ? '' : `after ${took} ms`));
  if (error) return took;
  const address = await browser.evaluate('location.href');
  check(`${host}: the address bar names it`, address === `https://${host}/` ? '' : address);
  check(`${host}: it is the block page`, text.includes(host) && !text.includes(secret) ? '' : text);
  check(`${host}: the origin was not asked`, served.some((line) => line.includes(host)) ? 'it was' : '');
  if (browser.issuer) {
    const issuer = await browser.issuer();
    check(`${host}: the certificate is the laptop's`, issuer === 'Fairlead on lap-7' ? '' : issuer);
  }
  return took;
}

export async function runBlockedOverTls(world, driver) {
  const { check, agent, name } = world;
  await opensNothing(world, driver, 'not installed');
  const installed = agent.command('ca', 'install');
  check('ca install', installed.code === 0 ? '' : installed.out + installed.error);
  const before = agent.events().length;
  const browser = await driver.start({ trusting: false });
  const times = [];
  try {
    for (const host of overTls) times.push(await showsPage(world, browser, host));
  } finally {
    await browser.stop();
  }
  const visits = agent.events().slice(before).filter((event) => event.navigation === 'yes').map((event) => event.host);
  // Some categories are only counted.
  const expected = overTls.filter((host) => visits.includes(host));
  check('each is one visit in the events', visits.length > 30 && visits.join(' ') === expected.join(' ') ? '' : visits.join(' '));
  times.sort((a, b) => a - b);
  console.log(`${name}: ${times.filter((time) => time <= bar).length} of ${times.length} blocked HTTPS sites (${preloaded.length} HSTS-preloaded) ` +
    `show the page within ${bar / 1000} s; p50 ${quantile(times, 0.5).toFixed(0)} ms, p90 ${quantile(times, 0.9).toFixed(0)} ms`);
  const removed = agent.command('ca', 'remove');
  check('ca remove', removed.code === 0 ? '' : removed.out + removed.error);
  await opensNothing(world, driver, 'removed');
}
