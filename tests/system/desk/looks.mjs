// Every page of the desk in Chromium: light, dark, narrow and printed, with axe, and pictures of them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { program } from '../browsers/chromium.mjs';
import { faintDrawings, isDrawing } from '../pages/drawings.mjs';

const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
export const pagesOfALaptop = {
  'a-lead': ['/', '/incidents', '/incidents?state=all&noise=shown', '/incidents/1', '/events', '/access', '/alerts', '/counts',
    '/appeals', '/agreements', '/it/changes', 'person', 'person/copy', '/reports', '/reports/term', '/reports/days?from=2026-01-05&to=2026-03-29', '/reports/month', '/reports/year', '/reports/processing'],
  'a-viewer': ['/'],
  'an-admin': ['/', '/it/tasks', '/it/check?url=bet365.com&group=learners', '/it/files', '/it/files/conduct%2Fgambling.yaml', '/it/changes', '/it/lists', '/it/samples',
    '/recorded', '/recorded/copy', '/answers', '/why', '/agreement'],
};
export const pagesOfAllLaptops = {
  'a-lead': ['/', '/laptops', '/opened', '/appeals', '/incidents', '/incidents/1', '/events', '/access', '/reports', '/counts', 'person'],
  'an-admin': ['/', '/it/tasks', '/it/samples'],
};
const looks = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1200, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1200, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 320, height: 640 } } },
  { name: 'print', media: 'print', options: { colorScheme: 'light', viewport: { width: 794, height: 1123 } } },
];

async function signIn(page, home, account, password) {
  await page.goto(`${home}/sign-in`);
  await page.fill('#name', account);
  await page.fill('#password', password);
  await page.click('main button');
  await page.waitForURL(`${home}/`);
}

async function facts(page) {
  return page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headings: document.querySelectorAll('h1').length,
    small: [...document.querySelectorAll('button, summary, textarea, select, .menu a, .go')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44).map((one) => one.textContent.trim()),
  }));
}

// pages: by account. of: what the pictures are named after.
export async function lookAtEveryPage({ home, pages, of, password, axeSource, pictures, check }) {
  if (!existsSync(program)) return;
  const browser = await chromium.launch({ executablePath: program, args: flags });
  for (const look of looks) {
    for (const [account, paths] of Object.entries(pages)) {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...look.options });
      const page = await context.newPage();
      const complaints = [];
      page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
      await signIn(page, home, account, password);
      await page.goto(home + (account === 'a-lead' ? '/events' : '/'));
      const person = await page.evaluate(() => document.querySelector('a[href^="/people/"]')?.getAttribute('href') ?? '/');
      if (look.media) await page.emulateMedia({ media: look.media });
      for (const path of paths) {
        const name = `${of}${account}-${path.replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'start'}-${look.name}`;
        complaints.length = 0;
        const answer = await page.goto(home + path.replace('person', person));
        check(`${name}: it is there`, answer.status() !== 200 && `status ${answer.status()}`);
        if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
        if (look.media) continue;
        await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
        await page.evaluate(axeSource);
        const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations', 'incomplete'] }));
        check(`${name}: axe`, found.violations.map((one) => `${one.id} ${one.nodes[0].target}: ${one.help}`).join('; '));
        check(`${name}: contrast measured`, found.incomplete.filter((one) => one.id === 'color-contrast')
          .flatMap((one) => one.nodes).filter((node) => !isDrawing(node)).map((node) => node.target).join('; '));
        check(`${name}: contrast of drawings`, (await page.evaluate(faintDrawings)).join('; '));
        const seen = await facts(page);
        check(`${name}: no sideways scrolling`, seen.wide > 0 && `${seen.wide} px too wide`);
        check(`${name}: one main heading`, seen.headings !== 1 && `${seen.headings} headings`);
        check(`${name}: targets are large enough`, seen.small.join(', '));
        check(`${name}: nothing refused by the policy`, complaints.join('; '));
      }
      await context.close();
    }
  }
  await browser.close();
}
