// Debian's Chromium with a profile of its own, started as a person may start it. Nothing here points it at a proxy.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '../node_modules/playwright-core/index.mjs';

export const name = 'chromium';
export const program = '/usr/bin/chromium';

// flags         as a person would type them
// preferences   what the profile says already
export async function start({ flags = [], preferences } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'fairlead-chromium.'));
  if (preferences) {
    mkdirSync(join(profile, 'Default'));
    writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  }
  const context = await chromium.launchPersistentContext(profile, { executablePath: program, ignoreHTTPSErrors: true, timeout: 60000,
    args: ['--no-sandbox', '--disable-gpu', ...flags], ignoreDefaultArgs: ['--disable-extensions'] });
  const page = await context.newPage();
  return {
    page,
    // What the browser says when it cannot show the address, or ''. Its own error page is a navigation that has to end too.
    open: (url) => page.goto(url, { timeout: 60000 }).then(() => '', async (error) => {
      await page.waitForURL(/^chrome-error:/, { timeout: 10000 });
      return error.message.split('\n')[0];
    }),
    evaluate: (expression) => page.evaluate(expression),
    stop: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

// What chrome://policy says: of each policy its name, and of those that are set their value and whether they are in order.
export async function policies(browser) {
  await browser.open('chrome://policy');
  const rows = () => browser.page.evaluate(() => {
    const found = [];
    const look = (root) => {
      for (const element of root.querySelectorAll('*')) {
        if (!element.shadowRoot) continue;
        const text = (selector) => element.shadowRoot.querySelector(selector)?.textContent.trim() ?? '';
        if (element.tagName === 'POLICY-ROW') {
          found.push({ name: text('.policy.row .name'), value: text('.policy.row .value'), says: text('.policy.row .messages'),
            level: text('.policy.row .level'), errors: text('.errors .value') });
        }
        look(element.shadowRoot);
      }
    };
    look(document);
    return found;
  });
  for (let tries = 0; tries < 200; ++tries) {
    const found = await rows();
    if (found.length > 100) return found;  // it is filled in once the page is there
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('chrome://policy stays empty');
}

// An extension that sends everything past the proxy, with a page to see whether it is there. Returns its id and folder.
export function makeExtension(folder) {
  mkdirSync(folder, { recursive: true });
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' });
  const id = [...createHash('sha256').update(key).digest('hex').slice(0, 32)].map((digit) => String.fromCharCode(97 + parseInt(digit, 16))).join('');
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ manifest_version: 3, name: 'Past the proxy', version: '1', permissions: ['proxy'],
    key: key.toString('base64'), background: { service_worker: 'worker.js' } }));
  writeFileSync(join(folder, 'worker.js'), "chrome.proxy.settings.set({value: {mode: 'direct'}, scope: 'regular'});\n");
  writeFileSync(join(folder, 'page.html'), '<title>It is there</title>');
  return { id, folder };
}
