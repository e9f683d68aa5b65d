// Turns {address, chromium, walks: [{start, width, language, script, steps, audit, shot, paper}]} on standard input into what a browser saw,
// one {url, title, headings, text, status, errors, outside, weight, violations, sheets} for each walk, on standard output. No other host than ours answers.
//
// A step is {click: selector}, {follow: text of a link}, {keys: text of a link or button that Tab reaches and Enter presses},
// {tab: selector of one}, {fill: [selector, text]}, {open: selector of details}, {choose: [selector, value]}, {wait: selector},
// {type: text where the focus is}, {press: a key} or {leave: a key that leads to another page}.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import puppeteer from 'puppeteer-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MOST_TABS = 400;

async function reach(page, wanted, selector) {
  for (let i = 0; i < MOST_TABS; i++) {
    await page.keyboard.press('Tab');
    const there = await page.evaluate((wanted, selector) => {
      const active = document.activeElement;
      return selector ? active?.matches(selector) : (active?.innerText || active?.value || '').trim() === wanted;
    }, wanted, selector);
    if (there) return;
  }
  throw new Error(`Tab never reaches "${wanted || selector}"`);
}

async function step(page, { click, follow, keys, tab, fill, open, choose, wait, type, press, leave: left }) {
  const leaving = action => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), action()]);
  if (click) await leaving(() => page.click(click));
  if (follow) {
    const links = await page.$$('a');
    for (const link of links) {
      if ((await link.evaluate(a => a.textContent.trim())) === follow) return leaving(() => link.evaluate(a => a.click()));
    }
    throw new Error(`no link "${follow}" on ${page.url()}`);
  }
  if (keys || tab) {
    await reach(page, keys, tab);
    await leaving(() => page.keyboard.press('Enter'));
  }
  if (fill) { await page.click(fill[0], { count: 3 }); await page.type(...fill); }
  if (open) await page.$eval(open, details => { details.open = true; });
  if (choose) await page.select(...choose);
  if (wait) await page.waitForSelector(wait);
  if (type) await page.keyboard.type(type);
  if (press) await page.keyboard.press(press);
  if (left) await leaving(() => page.keyboard.press(left));
}

async function walk(browser, address, { start, width, height, language, script, steps, audit, shot, whole, paper }) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  const errors = [], outside = [];
  let weight = 0, status = 0;
  page.on('console', said => ['error', 'warn'].includes(said.type()) && errors.push(said.text()));
  page.on('pageerror', error => errors.push(String(error)));
  page.on('request', request => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(address)) outside.push(request.url());
  });
  page.on('response', response => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) { status = response.status(); weight = 0; }
  });
  const client = await page.createCDPSession();
  await client.send('Network.enable');
  client.on('Network.loadingFinished', event => { weight += event.encodedDataLength; });
  await page.setViewport({ width, height: height ?? 900 });
  await page.setExtraHTTPHeaders({ 'Accept-Language': language });
  await page.setJavaScriptEnabled(script);
  try {
    await page.goto(address + start, { waitUntil: 'load' });
    for (const one of steps ?? []) await step(page, one);
    const seen = await page.evaluate(() => ({
      title: document.title, language: document.documentElement.lang, text: document.body.innerText,
      headings: [...document.querySelectorAll('h1')].map(h => h.innerText),
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      links: [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href')),
    }));
    if (shot) await page.screenshot({ path: shot, fullPage: !!whole, ...(shot.endsWith('.webp') ? { type: 'webp', quality: 82 } : {}) });
    const printed = paper ? Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString('latin1') : '';
    const sheets = (printed.match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
    let violations = [];
    if (audit) {
      const session = await page.createCDPSession();
      await session.send('Page.setBypassCSP', { enabled: true });
      await session.send('Runtime.evaluate', { expression: axe });
      const { result } = await session.send('Runtime.evaluate', {
        expression: 'axe.run().then(r => JSON.stringify(r.violations.map(v => ({ id: v.id, impact: v.impact, nodes: v.nodes.slice(0, 5).map(n => n.target.join(" ") + " :: " + n.html.slice(0, 160)) }))))',
        awaitPromise: true, returnByValue: true });
      violations = JSON.parse(result.value);
    }
    return { url: page.url().replace(address, ''), status, weight, errors, outside, violations, sheets, ...seen };
  } catch (error) {
    return { url: page.url().replace(address, ''), status, errors, outside, failed: String(error) };
  } finally {
    await context.close();
  }
}

let input = '';
for await (const chunk of process.stdin) input += chunk;
const { address, chromium, walks } = JSON.parse(input);
const browser = await puppeteer.launch({
  executablePath: chromium, headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
         '--hide-scrollbars', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
});
const seen = [];
for (const one of walks) seen.push(await walk(browser, address, one));
await browser.close();
process.stdout.write(JSON.stringify(seen));
