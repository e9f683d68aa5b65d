// Turns {address, chromium, walks} on standard input into what a browser saw where each walk ends, on standard output, in their order.
// No other host than ours answers. A walk is as tests/browser.py has it: {start, width, height, language, script, token, steps, shot,
// whole, paper, looks}; what is seen is {url, beside, status, title, language, headings, text, whole, links, weight, errors,
// outside, sheets, looks}; beside is what stood in the row of what was clicked last, link by link and cell by cell. For each look it is
// {width, dark, opened} besides how much too wide the page is and, where axe-core was asked, {violations} and how many it {passes}.
//
// A step is {click: selector}, {follow: text of a link}, {keys: text of a link or button that Tab reaches and Enter presses},
// {tab: selector of one}, {reach: selector that Tab stops at}, {fill: [selector, text]}, {open: selector of details},
// {choose: [selector, value]}, {tick: selector}, {wait: selector}, {type: text where the focus is}, {press: a key},
// {leave: a key that leads to another page} or {run: a script}.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import puppeteer from 'puppeteer-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MOST_TABS = 400;
const AT_ONCE = 2;

async function reach(page, wanted, selector) {
  for (let tabs = 0, rounds = 0; tabs < MOST_TABS && rounds < 2; tabs++) {
    await page.keyboard.press('Tab');
    const [there, first] = await page.evaluate((wanted, selector) => {
      const active = document.activeElement;
      return [selector ? active?.matches(selector) : (active?.innerText || active?.value || '').trim() === wanted, active?.matches('.skip')];
    }, wanted, selector);
    if (there) return;
    rounds += first ? 1 : 0;
  }
  throw new Error(`Tab never reaches "${wanted || selector}"`);
}

async function step(page, { click, follow, keys, tab, reach: stop, fill, open, choose, wait, type, press, leave: left, tick, run }) {
  const leaving = action => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), action()]);
  if (click) {
    const beside = await page.$eval(click, one => {
      const row = one.closest('tr, li, dd, p, .card');
      const parts = row ? [...row.querySelectorAll('a:not(.mark)'), ...row.cells ?? [row]] : [];
      return parts.map(part => {
        const copy = part.cloneNode(true);
        copy.querySelectorAll('.mark').forEach(mark => mark.remove());
        return copy.textContent.replace(/\s+/g, ' ').trim();
      });
    });
    await leaving(() => page.click(click));
    return beside;
  }
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
  if (stop) await reach(page, null, stop);
  if (fill) { await page.click(fill[0], { count: 3 }); await page.type(...fill); }
  if (open) await page.$eval(open, details => { details.open = true; });
  if (choose) await page.select(...choose);
  if (wait) await page.waitForSelector(wait);
  if (type) await page.keyboard.type(type);
  if (press) await page.keyboard.press(press);
  if (tick) await page.click(tick);
  if (run) await page.evaluate(run);
  if (left) await leaving(() => page.keyboard.press(left));
}

async function look(page, { width, height, dark, opened, axe: asked }) {
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
  if (opened) await page.evaluate(() => document.querySelectorAll('main details').forEach(one => { one.open = true; }));
  const seen = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth - document.documentElement.clientWidth }));
  if (asked) {
    const session = await page.createCDPSession();
    await session.send('Page.setBypassCSP', { enabled: true });
    await session.send('Runtime.evaluate', { expression: axe });
    const { result } = await session.send('Runtime.evaluate', {
      expression: `axe.run({ preload: false, resultTypes: ['violations'] }).then(found => JSON.stringify({ passes: found.passes.length,
        violations: found.violations.map(({ id, impact, nodes }) => ({ id, impact,
          nodes: nodes.map(node => ({ at: node.target.flat().join(' '), html: node.html.slice(0, 160), why: node.failureSummary }))}))}))`,
      awaitPromise: true, returnByValue: true });
    Object.assign(seen, JSON.parse(result.value));
    await session.detach();
  }
  return { width, dark, opened, ...seen };
}

async function walk(browser, address, { start, width, height, language, script, token, steps, shot, whole, paper, looks }) {
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
  await page.setViewport({ width, height });
  await page.setExtraHTTPHeaders({ 'Accept-Language': language });
  await page.setJavaScriptEnabled(script);
  if (token) await page.authenticate({ username: 'token', password: token });
  try {
    await page.goto(address + start, { waitUntil: 'load' });
    let beside = [];
    for (const one of steps) beside = (await step(page, one)) ?? beside;
    const seen = await page.evaluate(() => ({
      title: document.title, language: document.documentElement.lang, text: document.body.innerText,
      whole: (document.querySelector('main') ?? document.body).textContent.replace(/\s+/g, ' '),
      headings: [...document.querySelectorAll('h1')].map(h => h.innerText),
      links: [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href')),
      target: [...document.querySelectorAll(':target')].map(one => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return { text: one.innerText, focused: one.contains(document.activeElement),
          shown: one.contains(document.elementFromPoint(x + width / 2, y + height / 2)) };
      })[0],
    }));
    if (shot) await page.screenshot({ path: shot, fullPage: whole, ...(shot.endsWith('.webp') ? { type: 'webp', quality: 82 } : {}) });
    const printed = paper ? Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString('latin1') : '';
    const sheets = (printed.match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
    const looked = [];
    for (const one of looks) looked.push(await look(page, { height, ...one }));
    return { url: page.url().replace(address, ''), beside, status, weight, errors, outside, sheets, ...seen, looks: looked };
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
const seen = [], left = [...walks.entries()];
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let next = left.shift(); next; next = left.shift()) seen[next[0]] = await walk(browser, address, next[1]);
}));
await browser.close();
process.stdout.write(JSON.stringify(seen));
