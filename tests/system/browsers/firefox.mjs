// Debian's Firefox ESR behind the agent, as a driver for scenarios.mjs. It is driven through WebDriver BiDi, which Firefox
// speaks itself: JSON over a WebSocket.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proxyPort } from './agent.mjs';
import { openWebSocket } from './websocket.mjs';

export const name = 'firefox';
export const program = '/usr/bin/firefox-esr';

// The proxy for everything, and nothing that a fresh Firefox does of its own accord.
const preferences = {
  'network.proxy.type': 1, 'network.proxy.http': '127.0.0.1', 'network.proxy.http_port': proxyPort,
  'network.proxy.ssl': '127.0.0.1', 'network.proxy.ssl_port': proxyPort, 'network.proxy.no_proxies_on': '',
  'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false, 'network.trr.mode': 5,
  'dom.security.https_first': false, 'browser.shell.checkDefaultBrowser': false, 'app.update.enabled': false,
  'browser.safebrowsing.malware.enabled': false, 'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false, 'toolkit.telemetry.enabled': false, 'app.normandy.enabled': false,
  'extensions.update.enabled': false, 'browser.aboutConfig.showWarning': false, 'browser.startup.page': 0,
  'services.settings.server': 'data:,', 'browser.newtabpage.enabled': false, 'ui.prefersReducedMotion': 1,
};

function launch(profile, own, flags, environment) {
  writeFileSync(join(profile, 'user.js'), Object.entries({ ...preferences, ...own })
    .map(([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});\n`).join(''));
  const browser = spawn(program, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', ...flags],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1', ...environment } });
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`Firefox does not listen: ${said}`)), 60000);
    browser.once('exit', (code) => reject(new Error(`Firefox ended with ${code}: ${said}`)));
    browser.stderr.on('data', (bytes) => {
      said += bytes;
      const port = /WebDriver BiDi listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve({ browser, port: Number(port) });
    });
  });
}

// As WebDriver writes keys that are no characters.
const keyCodes = { Tab: '\uE004', Enter: '\uE006', Space: ' ', ArrowDown: '\uE015' };

// Sends commands and gives each its own answer back.
async function openSession(port) {
  const waiting = new Map();
  let last = 0;
  const socket = await openWebSocket(port, '/session', (text) => {
    const message = JSON.parse(text);
    const { resolve, reject } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    if (message.type === 'success') resolve?.(message.result);
    else if (message.type === 'error') reject?.(new Error(`${message.error}: ${message.message}`));
  });
  const ask = (method, params) => new Promise((resolve, reject) => {
    last += 1;
    const id = last;
    const timer = setTimeout(() => reject(new Error(`no answer to ${method} ${JSON.stringify(params).slice(0, 200)}`)), 120000);
    const settle = (then) => (value) => { clearTimeout(timer); then(value); };
    waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
    socket.send(JSON.stringify({ id, method, params }));
  });
  return { ask, close: socket.close };
}

// trusting      take certificates that nobody stands for
// own           preferences of the profile, over those above
// flags, environment   of the program
export async function start({ trusting = true, own = {}, flags = [], environment = {} } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'fairlead-firefox.'));
  const { browser, port } = await launch(profile, own, flags, environment);
  const session = await openSession(port);
  await session.ask('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: trusting } } });
  // The tab that Firefox begins with never gets the focus without a screen, and then no key presses a button; a new one does.
  const context = (await session.ask('browsingContext.create', { type: 'tab' })).context;

  const evaluate = async (expression) => {
    const done = await session.ask('script.evaluate', { expression, target: { context }, awaitPromise: true });
    if (done.type === 'exception') throw new Error(done.exceptionDetails.text);
    return done.result.value;
  };
  const waitFor = async (expression) => {
    const end = Date.now() + 15000;
    while (Date.now() < end) {
      if (await evaluate(`Boolean(${expression})`).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`it never became true: ${expression}`);
  };
  // Two frames after scrolling, the part of Firefox that finds what is under a point has scrolled too. A page that is still
  // being laid out may move on meanwhile: then once more.
  const point = (selector) => evaluate(`(async () => { const element = document.querySelector(${JSON.stringify(selector)});
    let box;
    for (let tries = 0; tries < 20; ++tries) {
      element.scrollIntoView({block: 'center'});
      for (let frame = 0; frame < 2; ++frame) await new Promise(requestAnimationFrame);
      box = element.getBoundingClientRect();
      const middle = box.y + box.height / 2;
      if (middle >= 0 && middle < innerHeight) break;
    }
    return Math.round(box.x + box.width / 2) + ' ' + Math.round(box.y + box.height / 2); })()`);
  const click = async (selector) => {
    const [x, y] = (await point(selector)).split(' ').map(Number);
    await session.ask('input.performActions', { context, actions: [{ type: 'pointer', id: 'mouse',
      actions: [{ type: 'pointerMove', x, y }, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }] }] });
  };
  const keys = (values) => session.ask('input.performActions', { context, actions: [{ type: 'key', id: 'keyboard',
    actions: values.flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]) }] });
  return {
    open: (url) => session.ask('browsingContext.navigate', { context, url, wait: 'complete' }).then(() => '', (error) => error.message),
    connectTries: 1,
    ask: session.ask,
    evaluate,
    waitFor,
    type: async (selector, words) => {
      await click(selector);
      await keys([...words]);
    },
    click,
    press: (key) => keys([keyCodes[key]]),
    write: (words) => keys([...words]),
    picture: async (folder, file) => {
      const { data } = await session.ask('browsingContext.captureScreenshot', { context, origin: 'document' });
      writeFileSync(join(folder, `${file}.png`), Buffer.from(data, 'base64'));
    },
    stop: async () => {
      const ended = new Promise((resolve) => browser.once('exit', resolve));
      await session.ask('browser.close', {}).catch(() => browser.kill());
      await ended;
      session.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
