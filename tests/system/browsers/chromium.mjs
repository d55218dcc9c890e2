// Debian's Chromium behind the agent, as a driver for scenarios.mjs.
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { proxyPort } from './agent.mjs';

export const name = 'chromium';
export const program = '/usr/bin/chromium';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

// trusting   take certificates that nobody stands for
export async function start({ trusting = true } = {}) {
  const browser = await chromium.launch({ executablePath: program, args: flags, proxy: { server: `http://127.0.0.1:${proxyPort}` } });
  const context = await browser.newContext({ ignoreHTTPSErrors: trusting, reducedMotion: 'reduce' });
  const page = await context.newPage();
  let answer = null;
  return {
    // What the browser says when it cannot show the address, or ''. Its own error page is a navigation that has to end too.
    open: (url) => page.goto(url, { timeout: 60000 }).then((got) => { answer = got; return ''; }, async (error) => {
      await page.waitForURL(/^chrome-error:/, { timeout: 10000 });
      return error.message.split('\n')[0];
    }),
    // A refused CONNECT is asked for once more at once.
    connectTries: 2,
    // Who signed the certificate of the page that was opened last.
    issuer: async () => (await answer.securityDetails())?.issuer ?? '',
    evaluate: (expression) => page.evaluate(expression),
    // Asked again and again from outside: a page whose policy forbids eval() cannot ask itself.
    waitFor: async (expression) => {
      const end = Date.now() + 15000;
      while (Date.now() < end) {
        if (await page.evaluate(`Boolean(${expression})`).catch(() => false)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`it never became true: ${expression}`);
    },
    type: (selector, words) => page.fill(selector, words),
    click: (selector) => page.click(selector),
    // 'Tab', 'Enter', 'Space', 'ArrowDown'
    press: (key) => page.keyboard.press(key),
    // Into what has the focus.
    write: (words) => page.keyboard.type(words),
    picture: (folder, file) => page.screenshot({ path: join(folder, `${file}.png`), fullPage: true }),
    stop: () => browser.close(),
  };
}
