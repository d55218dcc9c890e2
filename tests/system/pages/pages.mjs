// Looks at every page as a browser shows it: node pages.mjs FOLDER, where FOLDER holds the answers that render_samples wrote.
// Each answer is sent byte for byte, so that its content security policy counts too. FAIRLEAD_SCREENSHOTS names a folder for pictures.
import { readFileSync, readdirSync, mkdirSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { faintDrawings, isDrawing } from './drawings.mjs';

const browserPath = '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const reportPaths = ['/.well-known/fairlead/report', '/report'];
const smallestTarget = 44;

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node pages.mjs FOLDER');
  process.exit(2);
}
if (!existsSync(browserPath)) {
  console.log(`SKIPPED: no Chromium at ${browserPath}`);
  console.log('0 passed, 0 failed');
  process.exit(0);
}
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.FAIRLEAD_SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });

const answers = new Map(readdirSync(folder).filter((name) => name.endsWith('.http'))
  .map((name) => [`/${name.slice(0, -5)}`, readFileSync(join(folder, name))]));

let passed = 0;
let failed = 0;
function check(what, problem) {
  if (!problem) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`FAILED ${what}: ${problem}`);
}

// A server that knows nothing but the answers, and remembers what it was asked.
const asked = [];
const server = createServer((socket) => {
  let received = '';
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
    const headEnd = received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(received)?.[1] ?? 0);
    const body = received.slice(headEnd + 4);
    if (body.length < length) return;
    const [method, path] = received.split(' ', 2);
    asked.push({ method, path, body });
    const known = method === 'POST' && reportPaths.includes(path) ? answers.get('/thanks') : answers.get(path);
    socket.end(known ?? 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({ executablePath: browserPath, args: flags });

async function open(options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const complaints = [];
  // The status of the page itself is said on the console; anything else there is a fault.
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of \d+/.test(message.text())) complaints.push(message.text());
  });
  return { context, page, complaints };
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

const looks = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1100, height: 800 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1100, height: 800 } } },
  { name: 'narrow', options: { colorScheme: 'dark', viewport: { width: 320, height: 640 } } },
];
// More views, for pictures alone.
const views = [
  { name: 'phone', options: { viewport: { width: 360, height: 740 } } },
  { name: 'print', media: 'print', options: { viewport: { width: 794, height: 1123 } } },
];

for (const look of looks) {
  const { context, page, complaints } = await open(look.options);
  for (const path of answers.keys()) {
    const what = `${path.slice(1)} ${look.name}`;
    complaints.length = 0;
    await page.goto(origin + path);
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
    await page.evaluate(axeSource);
    const { violations, incomplete } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations', 'incomplete'] }));
    check(`${what}: axe`, violations.map((one) => `${one.id} ${one.nodes[0].target}: ${one.help}`).join('; '));
    // What axe could not measure would be an unproven claim about contrast. It reads no text of drawings: that we measure.
    const unmeasured = incomplete.filter((one) => one.id === 'color-contrast').flatMap((one) => one.nodes)
      .filter((node) => !isDrawing(node));
    check(`${what}: contrast measured`, unmeasured.map((node) => node.target).join('; '));
    check(`${what}: contrast of drawings`, (await page.evaluate(faintDrawings)).join('; '));
    const facts = await page.evaluate((smallest) => ({
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      margin: getComputedStyle(document.body).margin,
      headings: document.querySelectorAll('h1').length,
      small: [...document.querySelectorAll('button, summary, textarea, main a, footer a')]
        .filter((one) => one.getBoundingClientRect().height < smallest).map((one) => one.textContent.trim()),
    }), smallestTarget);
    check(`${what}: no sideways scrolling`, facts.wide > 0 && `${facts.wide} px too wide`);
    check(`${what}: style is applied`, facts.margin !== '0px' && `margin ${facts.margin}`);
    check(`${what}: one main heading`, facts.headings !== 1 && `${facts.headings} headings`);
    check(`${what}: targets are large enough`, facts.small.join(', '));
    check(`${what}: nothing refused by the policy`, complaints.join('; '));
    await picture(page, `${path.slice(1)}-${look.name}`);
  }
  await context.close();
}
for (const view of pictures ? views : []) {
  const { context, page } = await open(view.options);
  if (view.media) await page.emulateMedia({ media: view.media });
  for (const path of answers.keys()) {
    await page.goto(origin + path);
    await picture(page, `${path.slice(1)}-${view.name}`);
  }
  await context.close();
}
// Reports are one sheet of paper.
{
  const { context, page } = await open({ colorScheme: 'dark' });
  for (const path of [...answers.keys()].filter((one) => /^\/report-(week|term|month)/.test(one))) {
    await page.goto(origin + path);
    const paper = await page.pdf({ preferCSSPageSize: true });
    const sheets = paper.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length;
    check(`${path.slice(1)} printed: one sheet`, sheets !== 1 && `${sheets} sheets`);
  }
  await context.close();
}
check('a page asks for nothing but itself', asked.filter(({ path }) => !answers.has(path)).map(({ path }) => path).join(', '));

// The buttons, by keyboard, without script.
for (const [kind, words, press] of [
  ['accident', '', async (page) => page.getByRole('button', { name: 'I landed here by accident' }).press('Enter')],
  ['wrong', 'I need it for my course & job', async (page) => {
    await page.getByLabel('What did you need it for? (optional)').fill('I need it for my course & job');
    await page.getByRole('button', { name: 'I think this is wrong' }).press('Enter');
  }],
  ['concern', 'A friend', async (page) => {
    await page.getByText('I’m worried about something').press('Enter');
    await page.getByLabel('What is worrying you? (optional)').fill('A friend');
    await page.getByRole('button', { name: 'Tell the safeguarding lead' }).press('Enter');
  }],
]) {
  const { context, page } = await open({ javaScriptEnabled: false });
  await page.goto(`${origin}/gambling`);
  asked.length = 0;
  await Promise.all([page.waitForURL((url) => reportPaths.includes(url.pathname)), press(page)]);
  const posts = asked.filter(({ method }) => method === 'POST');
  const form = new URLSearchParams(posts[0]?.body);
  check(`button ${kind}: one post`, posts.length !== 1 && `${posts.length} posts`);
  check(`button ${kind}: id and kind`, (form.get('id') !== 'K7QM-2D4X' || form.get('kind') !== kind) && posts[0]?.body);
  check(`button ${kind}: words`, (form.get('words') ?? '') !== words && posts[0]?.body);
  check(`button ${kind}: thanks`, await page.getByRole('heading', { level: 1 }).textContent() !== 'Thank you' && 'no thanks');
  await context.close();
}

await browser.close();
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
